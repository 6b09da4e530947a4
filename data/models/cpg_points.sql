-- Points that the contracts (CPG) attach to indicators; FR stands for every caisse's contract.
-- Grain: one row per territory, year and indicator; the latest extract wins.
with

ranked as (

    select
        raw_cpg_points.territory_code,
        raw_cpg_points.year,
        raw_cpg_points.indicator_code,
        raw_cpg_points.points,
        raw_cpg_points.extract_id,
        raw_cpg_points.source_row,
        row_number() over (
            partition by
                raw_cpg_points.territory_code,
                raw_cpg_points.year,
                raw_cpg_points.indicator_code
            order by live_extracts.position desc, raw_cpg_points.source_row desc
        ) as recency
    from raw_cpg_points
    inner join live_extracts
        on raw_cpg_points.extract_id = live_extracts.extract_id

)

select
    ranked.year,
    ranked.territory_code,
    ranked.indicator_code,
    ranked.points,
    extracts.file_name,
    ranked.source_row
from ranked
inner join territories
    on ranked.territory_code = territories.territory_code
inner join indicators
    on ranked.indicator_code = indicators.indicator_code
inner join extracts
    on ranked.extract_id = extracts.extract_id
where ranked.recency = 1
order by ranked.year, territories.level, territories.sort_key, indicators.sort_order
