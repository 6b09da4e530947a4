-- What the extracts give for each cell: the value of the latest one that holds it, as it was sent.
-- Grain: one row per caisse, indicator and month. A cell sent empty is withdrawn.
with

ranked as (

    select
        caisse_code,
        indicator_code,
        month,
        year,
        realised,
        numerator,
        denominator,
        objective,
        provisional,
        extract_id,
        source_sheet,
        source_row,
        row_number() over (
            partition by caisse_code, indicator_code, month
            order by position desc, source_row desc
        ) as recency
    from stg_cpg_rows

)

select
    caisse_code,
    indicator_code,
    month,
    year,
    realised,
    numerator,
    denominator,
    objective,
    provisional,
    extract_id,
    source_sheet,
    source_row
from ranked
where
    recency = 1
    and (
        realised is not null
        or numerator is not null
        or denominator is not null
        or objective is not null
    )
