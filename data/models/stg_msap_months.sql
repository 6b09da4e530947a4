-- The counts of each establishment and month that are served, procedures summed.
-- Grain: one row per establishment, month and domain. A row sent empty withdraws its cell; an
-- empty count adds nothing and is no zero: a sum of empty counts is empty.
select
    sent.finess,
    sent.year,
    sent.month,
    msap_items.domain,
    sum(sent.requests) as requests,
    sum(sent.approvals) as approvals,
    sum(sent.refusals) as refusals,
    sum(sent.pending) as pending,
    sum(sent.emergencies_excluded) as emergencies_excluded,
    sum(sent.stays) as stays,
    sum(sent.answered_within_48h) as answered_within_48h,
    sum(
        case when sent.approvals is not null then sent.approvals + sent.refusals end
    ) as decided,
    sum(case when sent.refusals is not null then sent.approvals end) as decided_approvals,
    sum(
        case
            when sent.requests > 0 and (sent.approvals is null or sent.refusals is null) then 1
            else 0
        end
    ) as incomplete_rows
from stg_msap_rows as sent
inner join msap_items
    on sent.item_id = msap_items.item_id
left join stg_msap_latest as latest
    on
        sent.finess = latest.finess
        and sent.month = latest.month
        and sent.item_id = latest.item_id
where
    (latest.position is null or sent.position = latest.position)
    and coalesce(
        sent.requests,
        sent.approvals,
        sent.refusals,
        sent.pending,
        sent.emergencies_excluded,
        sent.stays,
        sent.answered_within_48h
    ) is not null
group by sent.finess, sent.year, sent.month, msap_items.domain
