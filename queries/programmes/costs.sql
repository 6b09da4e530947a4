-- What does a programme cost and yield, item by item, and which items may be changed?
-- Grain: one row per programme, volet, year and item, each in its own unit.
-- Parameter programme: prado | sophia | sante_active | dmp (optional).
-- Parameter year: integer (optional).
select
    programme,
    volet,
    year,
    item,
    value,
    unit,
    hypothesis,
    note,
    is_published,
    file_name,
    source_row
from programme_cost
where
    ($programme is null or programme = $programme)
    and ($year is null or year = $year)
    -- National figures: any person who may see something may see them all.
    and len($scope) > 0
order by programme, year, volet, source_row
