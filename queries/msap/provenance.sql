-- Where one establishment's months come from: file, lines, person and day.
-- Grain: one row per month and file whose lines are served.
-- Parameter finess: text.
-- Parameter year: integer (optional).
select
    year,
    month,
    finess,
    territory_code,
    extract_id,
    file_name,
    source_sheet,
    first_row,
    last_row,
    row_count,
    received_by,
    received_at,
    origin
from msap_provenance
where
    finess = $finess
    and territory_code in (select unnest($scope))
    and ($year is null or year = $year)
order by month, received_at
