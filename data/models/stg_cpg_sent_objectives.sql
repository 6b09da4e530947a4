-- The year's objective of a caisse as sent: the one given last, by the latest extract that has one.
-- Grain: one row per caisse, indicator and year. A file that leaves objectives out takes none back.
with

ranked as (

    select
        caisse_code,
        indicator_code,
        year,
        objective,
        extract_id,
        source_sheet,
        source_row,
        row_number() over (
            partition by caisse_code, indicator_code, year
            order by position desc, month desc, source_row desc
        ) as recency
    from stg_cpg_rows
    where objective is not null

)

select
    caisse_code,
    indicator_code,
    year,
    objective,
    extract_id,
    source_sheet,
    source_row
from ranked
where recency = 1
