-- The rows that count: those that no later « annule et remplace » of their caisse and year undoes.
-- Grain: one row per row of a live extract.
with

replacements as (

    select
        raw_cpg.caisse_code,
        raw_cpg.year,
        max(live_extracts.position) as replaced_at
    from raw_cpg
    inner join live_extracts
        on raw_cpg.extract_id = live_extracts.extract_id
    where live_extracts.replaces
    group by raw_cpg.caisse_code, raw_cpg.year

)

select
    raw_cpg.caisse_code,
    raw_cpg.indicator_code,
    raw_cpg.month,
    raw_cpg.year,
    raw_cpg.realised,
    raw_cpg.numerator,
    raw_cpg.denominator,
    raw_cpg.objective,
    raw_cpg.provisional,
    raw_cpg.extract_id,
    raw_cpg.source_sheet,
    raw_cpg.source_row,
    live_extracts.position
from raw_cpg
inner join live_extracts
    on raw_cpg.extract_id = live_extracts.extract_id
left join replacements
    on
        raw_cpg.caisse_code = replacements.caisse_code
        and raw_cpg.year = replacements.year
where replacements.replaced_at is null or live_extracts.position >= replacements.replaced_at
