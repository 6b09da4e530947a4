-- The last month that any caisse has sent: what "up to date" means for an indicator.
-- Grain: one row per indicator and year.
select
    indicator_code,
    year,
    max(month) as last_month
from stg_cpg_cells
where realised is not null or denominator is not null
group by indicator_code, year
