-- Attainment as published, one figure a territory, never recomputed.
-- Grain: one row per territory, year and indicator; the latest extract wins.
with

ranked as (

    select
        raw_cpg_published.territory_code,
        raw_cpg_published.year,
        raw_cpg_published.indicator_code,
        raw_cpg_published.realised,
        raw_cpg_published.attainment_pct,
        raw_cpg_published.extract_id,
        raw_cpg_published.source_row,
        row_number() over (
            partition by
                raw_cpg_published.territory_code,
                raw_cpg_published.year,
                raw_cpg_published.indicator_code
            order by live_extracts.position desc, raw_cpg_published.source_row desc
        ) as recency
    from raw_cpg_published
    inner join live_extracts
        on raw_cpg_published.extract_id = live_extracts.extract_id

)

select
    ranked.year,
    territories.level,
    ranked.territory_code,
    territories.territory_name,
    ranked.indicator_code,
    ranked.realised,
    cast(null as double) as objective,
    ranked.attainment_pct / 100.0 as attainment,
    extracts.file_name,
    ranked.source_row,
    case
        when ranked.attainment_pct is null then 'not_applicable'
        when ranked.attainment_pct / 100.0 >= thresholds.attained then 'attained'
        when ranked.attainment_pct / 100.0 >= thresholds.close then 'close'
        else 'behind'
    end as status
from ranked
inner join territories
    on ranked.territory_code = territories.territory_code
inner join indicators
    on ranked.indicator_code = indicators.indicator_code
inner join extracts
    on ranked.extract_id = extracts.extract_id
cross join thresholds
where ranked.recency = 1
order by ranked.year, territories.level, territories.sort_key, indicators.sort_order
