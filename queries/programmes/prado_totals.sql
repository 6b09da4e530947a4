-- How many adhesions to PRADO were published a year, by which source, against which objective?
-- Grain: one row per year and source, all volets together.
select
    territory_code,
    year,
    source,
    adhesions,
    objective,
    revised_objective,
    file_name,
    source_row,
    adhesions / nullif(objective, 0) as attainment,
    adhesions / nullif(revised_objective, 0) as revised_attainment
from prado_activity
where
    volet = 'ensemble'
    and month_count = 12
    and is_published
    -- Published figures are public: any person who may see something may see them all.
    and len($scope) > 0
order by year, source
