-- What happened before, during and after each MSAP window, for whoever has the right.
-- Grain: one row per establishment, domain, window and phase: the six months before its first
-- month, its months, the six months after its last. Every row is hidden from who lacks the right.
with

windows as (

    select distinct
        sent.finess,
        msap_items.domain,
        sent.window_start,
        sent.window_end
    from stg_msap_rows as sent
    inner join msap_items
        on sent.item_id = msap_items.item_id
    left join stg_msap_latest as latest
        on
            sent.finess = latest.finess
            and sent.month = latest.month
            and sent.item_id = latest.item_id
    where
        sent.window_start <= sent.window_end
        and (latest.position is null or sent.position = latest.position)

),

phases as (

    select
        windows.*,
        case
            when months.month < date_trunc('month', windows.window_start) then 'before'
            when months.month > windows.window_end then 'after'
            else 'during'
        end as phase,
        months.year,
        months.month,
        months.requests,
        months.approvals,
        months.refusals,
        months.pending,
        months.emergencies_excluded,
        months.stays,
        months.answered_within_48h,
        months.decided,
        months.decided_approvals,
        months.incomplete_rows
    from windows
    inner join stg_msap_months as months
        on
            windows.finess = months.finess
            and windows.domain = months.domain
            and months.month
            >= date_trunc('month', windows.window_start) - interval 6 month
            and months.month
            < date_trunc('month', windows.window_end) + interval 7 month

)

select
    months.finess,
    establishments.unit_code as territory_code,
    establishments.establishment_name,
    months.domain,
    months.window_start,
    months.window_end,
    months.phase,
    min(months.month) as first_month,
    max(months.month) as last_month,
    cast(sum(months.requests) as bigint) as requests,
    cast(sum(months.approvals) as bigint) as approvals,
    cast(sum(months.refusals) as bigint) as refusals,
    cast(sum(months.pending) as bigint) as pending,
    cast(sum(months.emergencies_excluded) as bigint) as emergencies_excluded,
    cast(sum(months.stays) as bigint) as stays,
    cast(sum(months.answered_within_48h) as bigint) as answered_within_48h,
    cast(sum(months.decided) as bigint) as decided,
    cast(sum(months.decided_approvals) as bigint) as decided_approvals,
    cast(sum(months.incomplete_rows) as bigint) as incomplete_rows,
    case
        when sum(months.decided) > 0
            then sum(months.decided_approvals) / cast(sum(months.decided) as double)
    end as approval_rate,
    true as is_hidden
from phases as months
inner join stg_msap_establishments as establishments
    on
        months.finess = establishments.finess
        and extract(year from months.window_start) = establishments.year
group by
    months.finess,
    establishments.unit_code,
    establishments.establishment_name,
    months.domain,
    months.window_start,
    months.window_end,
    months.phase
order by months.finess, months.domain, months.window_start, first_month
