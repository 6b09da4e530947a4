-- Every count that is shown to whoever lacks the right to small numbers, under one number each.
-- Grain: one row per kind of table, year, place (territory or FINESS), domain and item: a status, a
-- procedure, a quarter, or several quarters shown as one. `is_withheld`: a quarter shown only
-- within such a period; `level` that of a territory, null for a FINESS. Months are shown to nobody
-- without the right, so they are not here.
with

cells as (

    select
        'status' as kind,
        year,
        territory_code as place,
        domain,
        status as item,
        false as is_withheld,
        requests,
        decided,
        decided_approvals,
        approvals,
        refusals,
        pending,
        answered_within_48h,
        stays,
        emergencies_excluded
    from stg_msap_status
    union all
    select
        'procedure' as kind,
        procedures.year,
        procedures.territory_code as place,
        msap_items.domain,
        cast(procedures.item_id as varchar) as item,
        false as is_withheld,
        procedures.requests,
        procedures.decided,
        procedures.decided_approvals,
        procedures.approvals,
        procedures.refusals,
        procedures.pending,
        procedures.answered_within_48h,
        procedures.stays,
        procedures.emergencies_excluded
    from stg_msap_procedures as procedures
    inner join msap_items
        on procedures.item_id = msap_items.item_id
    union all
    select
        'establishment' as kind,
        year,
        finess as place,
        domain,
        '' as item,
        false as is_withheld,
        sum(requests) as requests,
        sum(decided) as decided,
        sum(decided_approvals) as decided_approvals,
        sum(approvals) as approvals,
        sum(refusals) as refusals,
        sum(pending) as pending,
        sum(answered_within_48h) as answered_within_48h,
        sum(stays) as stays,
        sum(emergencies_excluded) as emergencies_excluded
    from stg_msap_establishment_months
    group by year, finess, domain
    union all
    select
        'establishment_procedure' as kind,
        items.year,
        items.finess as place,
        msap_items.domain,
        cast(items.item_id as varchar) as item,
        false as is_withheld,
        items.requests,
        items.decided,
        items.decided_approvals,
        items.approvals,
        items.refusals,
        items.pending,
        items.answered_within_48h,
        items.stays,
        items.emergencies_excluded
    from stg_msap_items as items
    inner join msap_items
        on items.item_id = msap_items.item_id
    union all
    select
        'quarter' as kind,
        quarters.year,
        quarters.place,
        quarters.domain,
        cast(quarters.quarter as varchar) as item,
        cast(periods.first_quarter < periods.last_quarter as boolean) as is_withheld,
        quarters.requests,
        quarters.decided,
        quarters.decided_approvals,
        quarters.approvals,
        quarters.refusals,
        quarters.pending,
        quarters.answered_within_48h,
        quarters.stays,
        quarters.emergencies_excluded
    from stg_msap_quarters as quarters
    inner join stg_msap_periods as periods
        on
            quarters.place = periods.place
            and quarters.year = periods.year
            and quarters.domain = periods.domain
            and quarters.quarter = periods.quarter
    union all
    select
        'period' as kind,
        quarters.year,
        quarters.place,
        quarters.domain,
        cast(periods.first_quarter as varchar) as item,
        false as is_withheld,
        sum(quarters.requests) as requests,
        sum(quarters.decided) as decided,
        sum(quarters.decided_approvals) as decided_approvals,
        sum(quarters.approvals) as approvals,
        sum(quarters.refusals) as refusals,
        sum(quarters.pending) as pending,
        sum(quarters.answered_within_48h) as answered_within_48h,
        sum(quarters.stays) as stays,
        sum(quarters.emergencies_excluded) as emergencies_excluded
    from stg_msap_quarters as quarters
    inner join stg_msap_periods as periods
        on
            quarters.place = periods.place
            and quarters.year = periods.year
            and quarters.domain = periods.domain
            and quarters.quarter = periods.quarter
    where periods.first_quarter < periods.last_quarter
    group by quarters.year, quarters.place, quarters.domain, periods.first_quarter

)

select
    cast(
        row_number() over (
            order by cells.year, cells.kind, cells.place, cells.domain, cells.item
        ) - 1 as integer
    ) as cell_id,
    cells.*,
    territories.level
from cells
left join territories
    on cells.place = territories.territory_code
