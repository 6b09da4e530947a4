-- MSAP by status of the establishments as published, beside what each table's own lines make.
-- Grain: one row per printed line, totals included.
-- Parameter year: integer (optional).
-- Parameter domain: chirurgie_ambulatoire | hors_chirurgie_ambulatoire | ssr (optional).
select
    year,
    domain,
    source_line,
    label as status,
    is_total,
    is_printed,
    establishments,
    requests,
    approvals,
    refusals,
    decided,
    computed_establishments,
    computed_requests,
    computed_approvals,
    computed_refusals,
    blank_requests,
    blank_approvals,
    blank_refusals,
    extract_id,
    file_name,
    source_sheet,
    source_row
from msap_published
where
    table_code = 'by_status'
    and ($year is null or year = $year)
    and ($domain is null or domain = $domain)
    -- Published figures are public: any person who may see something may see them all.
    and len($scope) > 0
order by year, domain, source_line
