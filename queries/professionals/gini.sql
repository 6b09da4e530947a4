-- How unequally is each profession spread over the territories of a grain?
-- Grain: one row per profession, year, grain, practice and territory.
-- Parameter grain: departement|epci (optional).
-- Parameter year: integer (optional).
-- Parameter profession: text (optional).
-- Parameter territory: text (optional).
-- Parameter practice: liberal|all|salaried (optional).
with

wanted as (

    select trim(regexp_replace(lower(strip_accents($profession)), '[^a-z0-9]+', ' ', 'g')) as name

)

select
    professional_gini.profession_code as profession,
    professional_gini.year,
    professional_gini.grain,
    professional_gini.gini,
    professional_gini.lower,
    professional_gini.upper,
    professional_gini.territories,
    professional_gini.professionals,
    professional_gini.population,
    professional_gini.territory_code,
    professional_gini.profession_name,
    professional_gini.practice,
    professional_gini.is_group,
    professional_gini.territories_expected,
    professional_gini.territories_estimated,
    professional_gini.territories_missing,
    professional_gini.missing_names,
    professional_gini.people_share,
    professional_gini.is_exploratory,
    professional_gini.is_too_small
from professional_gini
left join professions
    on professional_gini.profession_code = professions.profession_code
cross join wanted
left join profession_spellings
    on wanted.name = profession_spellings.spelling
where
    professional_gini.grain = coalesce($grain, professional_gini.grain)
    and professional_gini.year = coalesce($year, professional_gini.year)
    and professional_gini.territory_code = coalesce($territory, 'FR')
    and (
        wanted.name is null
        or professional_gini.profession_code
        = coalesce(profession_spellings.profession_code, replace(wanted.name, ' ', '_'))
    )
    and case
        when $practice is null then professional_gini.is_usual_practice
        else professional_gini.practice = $practice
    end
    -- Counts of professionals are public: any person who may see something may see them all.
    and len($scope) > 0
order by
    professions.sort_order nulls last,
    professional_gini.profession_code,
    professional_gini.year,
    professional_gini.grain
