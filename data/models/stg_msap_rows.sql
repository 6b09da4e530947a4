-- What was sent, ready to be summed: procedures read, « annule et remplace » done.
-- Grain: one row per row of a live extract that no later one replaces.
with

replacements as (

    select
        raw_msap.finess,
        raw_msap.year,
        max(live_extracts.position) as replaced_at
    from raw_msap
    inner join live_extracts
        on raw_msap.extract_id = live_extracts.extract_id
    where live_extracts.replaces
    group by raw_msap.finess, raw_msap.year

)

select
    raw_msap.finess,
    raw_msap.month,
    raw_msap.year,
    msap_spellings.item_id,
    live_extracts.position,
    raw_msap.source_row,
    raw_msap.window_start,
    raw_msap.window_end,
    cast(raw_msap.requests as integer) as requests,
    cast(raw_msap.approvals as integer) as approvals,
    cast(raw_msap.refusals as integer) as refusals,
    cast(raw_msap.pending as integer) as pending,
    cast(raw_msap.emergencies_excluded as integer) as emergencies_excluded,
    cast(raw_msap.stays as integer) as stays,
    cast(raw_msap.answered_within_48h as integer) as answered_within_48h
from raw_msap
inner join live_extracts
    on raw_msap.extract_id = live_extracts.extract_id
inner join msap_spellings
    on
        raw_msap.domain = msap_spellings.domain
        and raw_msap.procedure = msap_spellings.spelling
        and raw_msap.year = msap_spellings.year
left join replacements
    on
        raw_msap.finess = replacements.finess
        and raw_msap.year = replacements.year
where replacements.replaced_at is null or live_extracts.position >= replacements.replaced_at
