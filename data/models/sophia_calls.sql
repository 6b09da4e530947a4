-- Call campaigns of Sophia, step by step.
-- Grain: one row per campaign, caisse, year and step; the latest extract wins. What caisses sent
-- counts their patients: `is_hidden` on every row of theirs.
with

ranked as (

    select
        raw_sophia_calls.campaign,
        raw_sophia_calls.caisse_code as territory_code,
        raw_sophia_calls.year,
        raw_sophia_calls.step,
        raw_sophia_calls.step_count,
        raw_sophia_calls.extract_id,
        raw_sophia_calls.source_sheet,
        raw_sophia_calls.source_row,
        extracts.file_name,
        extracts.origin = 'published' as is_published,
        row_number() over (
            partition by
                raw_sophia_calls.campaign,
                raw_sophia_calls.caisse_code,
                raw_sophia_calls.year,
                raw_sophia_calls.step
            order by extracts.position desc, raw_sophia_calls.source_row desc
        ) as recency
    from raw_sophia_calls
    inner join extracts
        on raw_sophia_calls.extract_id = extracts.extract_id

)

select
    campaign,
    territory_code,
    year,
    step,
    step_count,
    not is_published as is_hidden,
    is_published,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by campaign, territory_code, year, step
