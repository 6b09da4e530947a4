-- The COG's indicators as published, with their objectives and verdicts.
-- Grain: one row per code and year; the latest extract wins.
with

ranked as (

    select
        raw_cog.fiche,
        raw_cog.cog_code,
        raw_cog.cog_type,
        raw_cog.label,
        raw_cog.unit,
        raw_cog.year,
        raw_cog.realised,
        raw_cog.objective,
        raw_cog.target_2017,
        raw_cog.published_verdict,
        raw_cog.note,
        raw_cog.extract_id,
        raw_cog.source_row,
        row_number() over (
            partition by raw_cog.cog_code, raw_cog.year
            order by live_extracts.position desc, raw_cog.source_row desc
        ) as recency
    from raw_cog
    inner join live_extracts
        on raw_cog.extract_id = live_extracts.extract_id

)

select
    ranked.fiche,
    ranked.cog_code,
    ranked.cog_type,
    ranked.label,
    ranked.unit,
    ranked.year,
    ranked.realised,
    ranked.objective,
    ranked.target_2017,
    ranked.published_verdict,
    ranked.note,
    extracts.file_name,
    ranked.source_row
from ranked
inner join extracts
    on ranked.extract_id = extracts.extract_id
where ranked.recency = 1
order by ranked.fiche, ranked.cog_code, ranked.year
