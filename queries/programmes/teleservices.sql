-- How far have online services and telemedicine come, by which source, against which objective?
-- Grain: one row per service, period and source.
-- Parameter year: integer (optional).
select
    service,
    year,
    period,
    source,
    volume,
    volume_span,
    is_published,
    file_name,
    source_row,
    rate_pct / 100 as rate,
    objective_pct / 100 as objective_rate,
    rate_pct / nullif(objective_pct, 0) as attainment
from teleservices
where
    ($year is null or year = $year)
    -- National figures: any person who may see something may see them all.
    and len($scope) > 0
order by service, year, period, source
