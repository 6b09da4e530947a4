-- Where an establishment's month comes from: the file, its lines, who brought it in and when.
-- Grain: one row per establishment, month and extract whose cells are served.
select
    sent.year,
    sent.month,
    sent.finess,
    establishments.unit_code as territory_code,
    extracts.extract_id,
    extracts.file_name,
    extracts.sheet as source_sheet,
    min(sent.source_row) as first_row,
    max(sent.source_row) as last_row,
    count(*) as row_count,
    extracts.received_by,
    extracts.received_at,
    extracts.origin
from stg_msap_rows as sent
inner join extracts
    on sent.position = extracts.position
inner join stg_msap_establishments as establishments
    on
        sent.finess = establishments.finess
        and sent.year = establishments.year
left join stg_msap_latest as latest
    on
        sent.finess = latest.finess
        and sent.month = latest.month
        and sent.item_id = latest.item_id
where latest.position is null or sent.position = latest.position
group by
    sent.year,
    sent.month,
    sent.finess,
    establishments.unit_code,
    extracts.extract_id,
    extracts.file_name,
    extracts.sheet,
    extracts.received_by,
    extracts.received_at,
    extracts.origin
order by sent.finess, sent.month, extracts.extract_id
