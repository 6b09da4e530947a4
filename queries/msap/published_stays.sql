-- Requests of ambulatory surgery against the stays that MSAP concerns, by procedure, as published.
-- Grain: one row per printed line and one total, `is_printed` false, made of them.
-- Parameter year: integer (optional).
select
    year,
    source_line,
    label as procedure,
    is_total,
    is_printed,
    procedure_code,
    procedure_name,
    establishments,
    requests,
    stays,
    requests_per_stay_pct,
    computed_establishments,
    computed_requests,
    computed_stays,
    extract_id,
    file_name,
    source_sheet,
    source_row
from msap_published
where
    table_code = 'requests_vs_stays'
    and ($year is null or year = $year)
    -- Published figures are public: any person who may see something may see them all.
    and len($scope) > 0
order by year, source_line
