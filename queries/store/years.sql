-- The years that hold CPG figures.
-- Grain: one row per year, newest first.
-- scope: none
select
    year,
    last_month,
    is_open_year
from cpg_years
order by year desc
