-- Where the adhesions of each caisse come from.
-- Grain: one row per caisse, month, programme and volet, as sent.
select
    latest.year,
    latest.month,
    latest.caisse_code,
    latest.programme,
    latest.volet,
    latest.adhesions,
    latest.eligible,
    latest.objective,
    latest.new_in_care_gap,
    latest.extract_id,
    extracts.file_name,
    latest.source_sheet,
    latest.source_row
from stg_adhesion_latest as latest
inner join extracts
    on latest.extract_id = extracts.extract_id
order by latest.programme, latest.volet, latest.caisse_code, latest.month
