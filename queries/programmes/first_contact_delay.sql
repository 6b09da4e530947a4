-- How many days pass from hospital to the first contact, with PRADO and without?
-- Grain: one row per year, operation and professional. `days_gained` is positive where PRADO is
-- earlier.
-- Parameter year: integer (optional).
select
    year,
    surgery,
    professional,
    prado_days,
    eligible_days,
    is_published,
    file_name,
    source_row,
    round(eligible_days - prado_days, 6) as days_gained
from first_contact_delay
where
    ($year is null or year = $year)
    -- National figures: any person who may see something may see them all.
    and len($scope) > 0
order by year, source_row
