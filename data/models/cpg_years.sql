-- The years that hold CPG figures.
-- Grain: one row per year.
select
    year,
    last_month,
    is_open_year
from stg_cpg_years
order by year desc
