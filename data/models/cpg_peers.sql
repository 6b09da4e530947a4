-- Where the peers of a level stand, hidden figures left out.
-- Grain: one row per year, level and indicator.
select
    year,
    level,
    indicator_code,
    count(attainment_to_date) as territory_count,
    quantile_cont(attainment_to_date, 0.25) as attainment_q1,
    quantile_cont(attainment_to_date, 0.5) as attainment_median,
    quantile_cont(attainment_to_date, 0.75) as attainment_q3
from cpg_attainment
where not is_hidden and level <> 'national' and attainment_to_date is not null
group by year, level, indicator_code
order by year, level, indicator_code
