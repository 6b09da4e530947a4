-- Each year in periods of whole quarters that hold enough requests to be shown to everybody.
-- Grain: one row per place, year, domain and period. `finess` is null where the place is a
-- territory; an establishment's row bears the territory where it stands.
with

periods as (

    select
        quarters.place,
        quarters.is_territory,
        quarters.year,
        quarters.domain,
        periods.first_quarter,
        periods.last_quarter,
        periods.first_month,
        periods.last_month,
        sum(quarters.requests) as requests,
        sum(quarters.approvals) as approvals,
        sum(quarters.refusals) as refusals,
        sum(quarters.pending) as pending,
        sum(quarters.emergencies_excluded) as emergencies_excluded,
        sum(quarters.stays) as stays,
        sum(quarters.answered_within_48h) as answered_within_48h,
        sum(quarters.decided) as decided,
        sum(quarters.decided_approvals) as decided_approvals,
        sum(quarters.incomplete_rows) as incomplete_rows
    from stg_msap_quarters as quarters
    inner join stg_msap_periods as periods
        on
            quarters.place = periods.place
            and quarters.year = periods.year
            and quarters.domain = periods.domain
            and quarters.quarter = periods.quarter
    group by
        quarters.place,
        quarters.is_territory,
        quarters.year,
        quarters.domain,
        periods.first_quarter,
        periods.last_quarter,
        periods.first_month,
        periods.last_month

)

select
    periods.year,
    case when not periods.is_territory then periods.place end as finess,
    coalesce(establishments.unit_code, periods.place) as territory_code,
    periods.domain,
    cast(periods.first_month as date) as first_month,
    cast(periods.last_month as date) as last_month,
    cast(periods.requests as bigint) as requests,
    cast(periods.approvals as bigint) as approvals,
    cast(periods.refusals as bigint) as refusals,
    cast(periods.pending as bigint) as pending,
    cast(periods.emergencies_excluded as bigint) as emergencies_excluded,
    cast(periods.stays as bigint) as stays,
    cast(periods.answered_within_48h as bigint) as answered_within_48h,
    cast(periods.decided as bigint) as decided,
    cast(periods.decided_approvals as bigint) as decided_approvals,
    cast(periods.incomplete_rows as bigint) as incomplete_rows,
    case
        when periods.decided > 0 then periods.decided_approvals / cast(periods.decided as double)
    end as approval_rate,
    hidden.is_requests_hidden,
    hidden.is_decisions_hidden,
    hidden.is_parts_hidden,
    hidden.is_answers_hidden,
    hidden.is_stays_hidden,
    hidden.is_emergencies_hidden,
    cast(hidden.is_requests_hidden or hidden.is_decisions_hidden as boolean) as is_hidden
from periods
left join stg_msap_establishments as establishments
    on
        not periods.is_territory
        and periods.place = establishments.finess
        and periods.year = establishments.year
inner join msap_hidden as hidden
    on
        hidden.kind
        = case when periods.first_quarter < periods.last_quarter then 'period' else 'quarter' end
        and periods.year = hidden.year
        and periods.place = hidden.place
        and periods.domain = hidden.domain
        and cast(periods.first_quarter as varchar) = hidden.item
order by periods.place, periods.domain, periods.year, periods.first_quarter
