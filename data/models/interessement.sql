-- Weights of the intéressement.
-- Grain: one row per year, share and published line; the latest extract wins.
with

ranked as (

    select
        raw_interessement.year,
        raw_interessement.share,
        raw_interessement.label,
        raw_interessement.weight_pct,
        raw_interessement.extract_id,
        raw_interessement.source_row,
        row_number() over (
            partition by
                raw_interessement.year, raw_interessement.share, raw_interessement.label
            order by live_extracts.position desc, raw_interessement.source_row desc
        ) as recency
    from raw_interessement
    inner join live_extracts
        on raw_interessement.extract_id = live_extracts.extract_id

)

select
    ranked.year,
    ranked.share,
    ranked.label,
    ranked.weight_pct,
    interessement_lines.indicator_code,
    extracts.file_name,
    ranked.source_row
from ranked
inner join extracts
    on ranked.extract_id = extracts.extract_id
left join interessement_lines
    on
        ranked.year = interessement_lines.year
        and ranked.share = interessement_lines.share
        and ranked.label = interessement_lines.label
where ranked.recency = 1
order by ranked.year, ranked.share, ranked.label
