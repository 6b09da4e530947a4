-- The Gini index of each profession as published, beside its change as published and as printed.
-- Grain: one row per profession, year and kind; the latest extract wins.
with

ranked as (

    select
        raw_gini_published.profession_code,
        raw_gini_published.year,
        raw_gini_published.kind,
        raw_gini_published.gini,
        raw_gini_published.published_delta,
        extracts.file_name,
        raw_gini_published.source_row,
        row_number() over (
            partition by
                raw_gini_published.profession_code,
                raw_gini_published.year,
                raw_gini_published.kind
            order by extracts.position desc, raw_gini_published.source_row desc
        ) as recency
    from raw_gini_published
    inner join extracts
        on raw_gini_published.extract_id = extracts.extract_id

),

latest as (

    select
        profession_code,
        year,
        kind,
        gini,
        published_delta,
        file_name,
        source_row
    from ranked
    where recency = 1

)

select
    latest.profession_code,
    coalesce(
        professions.profession_name,
        concat(
            upper(substring(latest.profession_code, 1, 1)),
            replace(substring(latest.profession_code, 2), '_', ' ')
        )
    ) as profession_name,
    latest.year,
    latest.kind,
    latest.gini,
    latest.published_delta,
    round(latest.gini - former.gini, 6) as computed_delta,
    latest.file_name,
    latest.source_row
from latest
left join latest as former
    on
        latest.profession_code = former.profession_code
        and latest.year - 1 = former.year
        and former.kind = 'realised'
left join professions
    on latest.profession_code = professions.profession_code
order by professions.sort_order, latest.profession_code, latest.year, latest.kind
