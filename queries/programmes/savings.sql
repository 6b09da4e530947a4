-- What was a programme expected to save in a year, by volet? Negative saves, positive costs more.
-- Grain: one row per programme, year and volet; `ensemble` is the printed total.
-- Parameter programme: prado | sophia (optional).
-- Parameter year: integer (optional).
select
    programme,
    year,
    volet,
    label,
    adhesions,
    hospital_meur,
    city_meur,
    volet = 'ensemble' as is_total,
    is_published,
    file_name,
    source_row
from programme_savings
where
    ($programme is null or programme = $programme)
    and ($year is null or year = $year)
    -- National figures: any person who may see something may see them all.
    and len($scope) > 0
order by programme, year, source_row
