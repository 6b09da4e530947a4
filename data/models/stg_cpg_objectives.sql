-- The year's objective of a caisse: the one on its latest row that gives one.
-- Grain: one row per caisse, indicator and year.
with

ranked as (

    select
        caisse_code,
        indicator_code,
        year,
        objective,
        row_number() over (
            partition by caisse_code, indicator_code, year
            order by month desc
        ) as recency
    from stg_cpg_cells
    where objective is not null

)

select
    caisse_code,
    indicator_code,
    year,
    objective
from ranked
where recency = 1
