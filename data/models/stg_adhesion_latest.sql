-- The live adhesions of each caisse as sent: those of the latest extract that holds the cell.
-- Grain: one row per caisse, month, programme and volet. A cell sent empty is withdrawn.
with

ranked as (

    select
        raw_adhesions.caisse_code,
        raw_adhesions.month,
        raw_adhesions.year,
        raw_adhesions.programme,
        raw_adhesions.volet,
        raw_adhesions.adhesions,
        raw_adhesions.eligible,
        raw_adhesions.objective,
        raw_adhesions.new_in_care_gap,
        raw_adhesions.extract_id,
        raw_adhesions.source_sheet,
        raw_adhesions.source_row,
        row_number() over (
            partition by
                raw_adhesions.caisse_code,
                raw_adhesions.month,
                raw_adhesions.programme,
                raw_adhesions.volet
            order by live_extracts.position desc, raw_adhesions.source_row desc
        ) as recency
    from raw_adhesions
    inner join live_extracts
        on raw_adhesions.extract_id = live_extracts.extract_id
    inner join expected_senders
        on raw_adhesions.caisse_code = expected_senders.caisse_code

)

select
    caisse_code,
    month,
    year,
    programme,
    volet,
    adhesions,
    eligible,
    objective,
    new_in_care_gap,
    extract_id,
    source_sheet,
    source_row
from ranked
where recency = 1 and adhesions is not null
