-- The commitments of the COG, of the Cnam and of the State.
-- Grain: one row per party and number; the latest extract wins.
with

ranked as (

    select
        raw_engagements.party,
        raw_engagements.number,
        raw_engagements.action,
        raw_engagements.due,
        raw_engagements.achieved,
        raw_engagements.on_time,
        raw_engagements.wording_precise,
        raw_engagements.extract_id,
        raw_engagements.source_row,
        row_number() over (
            partition by raw_engagements.party, raw_engagements.number
            order by live_extracts.position desc, raw_engagements.source_row desc
        ) as recency
    from raw_engagements
    inner join live_extracts
        on raw_engagements.extract_id = live_extracts.extract_id

)

select
    ranked.party,
    ranked.number,
    ranked.action,
    ranked.due,
    ranked.achieved,
    ranked.on_time,
    ranked.wording_precise,
    extracts.file_name,
    ranked.source_row
from ranked
inner join extracts
    on ranked.extract_id = extracts.extract_id
where ranked.recency = 1
order by ranked.party, ranked.number
