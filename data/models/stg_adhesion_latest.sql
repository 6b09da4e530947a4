-- The live adhesions of each caisse: those of the latest extract that holds the cell.
-- Grain: one row per caisse, month, programme and volet. A cell sent empty is withdrawn. PRADO's
-- adhesions are those of the CPG sent again: a correction of the same count counts here too.
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

),

corrected as (

    select
        caisse_code,
        month,
        indicator_code,
        sent_value,
        new_value
    from stg_cpg_corrections
    where state = 'applied' and column_name = 'realised'

)

select
    ranked.caisse_code,
    ranked.month,
    ranked.year,
    ranked.programme,
    ranked.volet,
    cast(coalesce(corrected.new_value, ranked.adhesions) as bigint) as adhesions,
    ranked.eligible,
    ranked.objective,
    ranked.new_in_care_gap,
    ranked.extract_id,
    ranked.source_sheet,
    ranked.source_row
from ranked
left join corrected
    on
        ranked.caisse_code = corrected.caisse_code
        and ranked.month = corrected.month
        and ranked.programme = 'prado'
        and corrected.indicator_code = concat('prado_', ranked.volet, '_adhesions')
        and ranked.adhesions = corrected.sent_value
where ranked.recency = 1 and ranked.adhesions is not null
