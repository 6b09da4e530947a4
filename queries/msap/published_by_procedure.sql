-- MSAP by procedure as published, beside what each table's own lines make.
-- Grain: one row per printed line; a table that prints no total has one more, `is_printed` false.
-- Parameter year: integer (optional).
-- Parameter domain: chirurgie_ambulatoire | hors_chirurgie_ambulatoire | ssr (optional).
select
    year,
    domain,
    source_line,
    label as procedure,
    is_total,
    is_printed,
    procedure_code,
    procedure_name,
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
    table_code = 'by_procedure'
    and ($year is null or year = $year)
    and ($domain is null or domain = $domain)
    -- Published figures are public: any person who may see something may see them all.
    and len($scope) > 0
order by year, domain, source_line
