-- Where each figure comes from: the file, its sheet and row, who brought it in and when.
-- Grain: one row per caisse, indicator and month.
select
    cells.year,
    cells.month,
    cells.caisse_code,
    cells.indicator_code,
    cells.realised,
    cells.numerator,
    cells.denominator,
    cells.objective,
    cells.provisional,
    cells.extract_id,
    extracts.file_name,
    cells.source_sheet,
    cells.source_row,
    extracts.received_by,
    extracts.received_at,
    extracts.origin,
    cast(hidden_months.territory_code is not null as boolean) as is_hidden
from stg_cpg_cells as cells
inner join extracts
    on cells.extract_id = extracts.extract_id
left join hidden_months
    on
        cells.month = hidden_months.month
        and cells.caisse_code = hidden_months.territory_code
        and cells.indicator_code = hidden_months.indicator_code
order by cells.year, cells.caisse_code, cells.indicator_code, cells.month
