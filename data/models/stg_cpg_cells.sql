-- The live value of each cell: the latest extract that holds it, unless a later one replaces all.
-- Grain: one row per caisse, indicator and month. A cell sent empty is withdrawn.
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

),

ranked as (

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
        row_number() over (
            partition by raw_cpg.caisse_code, raw_cpg.indicator_code, raw_cpg.month
            order by live_extracts.position desc, raw_cpg.source_row desc
        ) as recency
    from raw_cpg
    inner join live_extracts
        on raw_cpg.extract_id = live_extracts.extract_id
    left join replacements
        on
            raw_cpg.caisse_code = replacements.caisse_code
            and raw_cpg.year = replacements.year
    where replacements.replaced_at is null or live_extracts.position >= replacements.replaced_at

)

select
    caisse_code,
    indicator_code,
    month,
    year,
    realised,
    numerator,
    denominator,
    objective,
    provisional,
    extract_id,
    source_sheet,
    source_row
from ranked
where
    recency = 1
    and (
        realised is not null
        or numerator is not null
        or denominator is not null
        or objective is not null
    )
