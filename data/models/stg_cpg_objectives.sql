-- The year's objective of a caisse: the one given last, by the latest extract that gives one.
-- Grain: one row per caisse, indicator and year. A file that leaves objectives out takes none back.
with

ranked as (

    select
        caisse_code,
        indicator_code,
        year,
        objective,
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
    objective
from ranked
where recency = 1
