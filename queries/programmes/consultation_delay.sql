-- How are consultations after an operation spread over the days, in classes of unequal width?
-- Grain: one row per year and class; an open class has no width and no density.
-- Parameter year: integer (optional).
select
    year,
    days_from,
    days_to,
    consultations,
    is_published,
    file_name,
    source_row,
    days_to - days_from + 1 as day_count,
    consultations / nullif(days_to - days_from + 1, 0) as consultations_per_day,
    consultations / nullif(sum(consultations) over (partition by year), 0) as consultation_share
from consultation_delay
where
    ($year is null or year = $year)
    -- National figures: any person who may see something may see them all.
    and len($scope) > 0
order by year, days_from
