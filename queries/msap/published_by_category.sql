-- MSAP of ambulatory surgery by category of establishment as published, in each perimeter.
-- Grain: one row per perimeter and printed line, totals included.
-- Parameter year: integer (optional).
select
    year,
    perimeter,
    source_line,
    label as category,
    is_total,
    is_printed,
    establishments,
    requests,
    stays,
    computed_establishments,
    computed_requests,
    computed_stays,
    extract_id,
    file_name,
    source_sheet,
    source_row
from msap_published
where
    table_code = 'by_category'
    and ($year is null or year = $year)
    -- Published figures are public: any person who may see something may see them all.
    and len($scope) > 0
order by year, perimeter, source_line
