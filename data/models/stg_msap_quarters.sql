-- The quarters of every territory and establishment.
-- Grain: one row per place (a territory's code or a FINESS), year, domain and quarter (1 to 4).
with

months as (

    select
        territory_code as place,
        true as is_territory,
        year,
        month,
        domain,
        requests,
        approvals,
        refusals,
        pending,
        emergencies_excluded,
        stays,
        answered_within_48h,
        decided,
        decided_approvals,
        incomplete_rows
    from stg_msap_territory_months
    union all
    select
        finess as place,
        false as is_territory,
        year,
        month,
        domain,
        requests,
        approvals,
        refusals,
        pending,
        emergencies_excluded,
        stays,
        answered_within_48h,
        decided,
        decided_approvals,
        incomplete_rows
    from stg_msap_establishment_months

)

select
    months.place,
    months.is_territory,
    months.year,
    months.domain,
    cast(extract(quarter from months.month) as integer) as quarter,
    sum(months.requests) as requests,
    sum(months.approvals) as approvals,
    sum(months.refusals) as refusals,
    sum(months.pending) as pending,
    sum(months.emergencies_excluded) as emergencies_excluded,
    sum(months.stays) as stays,
    sum(months.answered_within_48h) as answered_within_48h,
    sum(months.decided) as decided,
    sum(months.decided_approvals) as decided_approvals,
    sum(months.incomplete_rows) as incomplete_rows
from months
group by
    months.place,
    months.is_territory,
    months.year,
    months.domain,
    cast(extract(quarter from months.month) as integer)
