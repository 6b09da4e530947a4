-- The Gini index of each profession as published (IR 4.1), beside ours where the year is known.
-- Grain: one row per published profession, year and kind.
-- Parameter profession: text (optional).
-- Parameter year: integer (optional).
with

wanted as (

    select trim(regexp_replace(lower(strip_accents($profession)), '[^a-z0-9]+', ' ', 'g')) as name

),

ours as (

    select
        profession_code,
        year,
        max(case when grain = 'departement' then gini end) as gini_departement,
        max(case when grain = 'epci' then gini end) as gini_epci
    from professional_gini
    where
        territory_code = 'FR'
        and is_usual_practice
    group by profession_code, year

)

select
    gini_published.profession_code as profession,
    gini_published.year,
    gini_published.kind,
    gini_published.gini,
    gini_published.published_delta,
    gini_published.computed_delta,
    ours.gini_departement,
    ours.gini_epci,
    gini_published.profession_name,
    gini_published.file_name,
    gini_published.source_row
from gini_published
left join professions
    on gini_published.profession_code = professions.profession_code
left join ours
    on
        gini_published.profession_code = ours.profession_code
        and gini_published.year = ours.year
        and gini_published.kind = 'realised'
cross join wanted
left join profession_spellings
    on wanted.name = profession_spellings.spelling
where
    (
        wanted.name is null
        or gini_published.profession_code
        = coalesce(profession_spellings.profession_code, replace(wanted.name, ' ', '_'))
    )
    and gini_published.year = coalesce($year, gini_published.year)
    -- Published figures are public: any person who may see something may see them all.
    and len($scope) > 0
order by professions.sort_order nulls last, gini_published.year, gini_published.kind
