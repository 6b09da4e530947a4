-- A year's MSAP counts of each establishment, beside what its procedures make expect.
-- Grain: one row per year, establishment and domain, `total` among them. `expected_approvals`: its
-- decided requests at the country's approval rate of each procedure; `expected_requests`: its stays
-- at the country's requests per stay of each procedure. Either is hidden as soon as one of the
-- counts it is made of is: it would be that count at another scale.
with

years as (

    select
        finess,
        year,
        domain,
        sum(requests) as requests,
        sum(approvals) as approvals,
        sum(refusals) as refusals,
        sum(pending) as pending,
        sum(emergencies_excluded) as emergencies_excluded,
        sum(stays) as stays,
        sum(answered_within_48h) as answered_within_48h,
        sum(decided) as decided,
        sum(decided_approvals) as decided_approvals,
        sum(incomplete_rows) as incomplete_rows
    from stg_msap_establishment_months
    group by finess, year, domain

),

-- Whole numbers of the country for each procedure, establishments' rows summed once.
country as (

    select
        year,
        item_id,
        sum(decided) as decided,
        sum(decided_approvals) as decided_approvals,
        sum(case when stays > 0 then requests end) as requests,
        sum(stays) as stays
    from stg_msap_items
    group by year, item_id

),

expected as (

    select
        items.finess,
        items.year,
        coalesce(msap_items.domain, 'total') as domain,
        sum(items.decided * (country.decided_approvals / cast(country.decided as double)))
            as expected_approvals,
        sum(items.stays * (country.requests / cast(country.stays as double)))
            as expected_requests,
        bool_or(own.is_decisions_hidden or nation.is_decisions_hidden) as is_approvals_hidden,
        bool_or(
            own.is_stays_hidden or nation.is_stays_hidden or nation.is_requests_hidden
        ) as is_requests_hidden
    from stg_msap_items as items
    inner join msap_items
        on items.item_id = msap_items.item_id
    inner join country
        on
            items.year = country.year
            and items.item_id = country.item_id
    inner join msap_hidden as own
        on
            own.kind = 'establishment_procedure'
            and items.year = own.year
            and items.finess = own.place
            and msap_items.domain = own.domain
            and cast(items.item_id as varchar) = own.item
    inner join msap_hidden as nation
        on
            nation.kind = 'procedure'
            and nation.place = 'FR'
            and items.year = nation.year
            and msap_items.domain = nation.domain
            and cast(items.item_id as varchar) = nation.item
    group by grouping sets (
        (items.finess, items.year, msap_items.domain),
        (items.finess, items.year)
    )

)

select
    years.year,
    years.finess,
    years.domain,
    establishments.establishment_name,
    establishments.status,
    establishments.category,
    establishments.unit_code as territory_code,
    establishments.caisse_code,
    establishments.department_code,
    establishments.region_code,
    establishments.drsm_code,
    cast(years.requests as bigint) as requests,
    cast(years.approvals as bigint) as approvals,
    cast(years.refusals as bigint) as refusals,
    cast(years.pending as bigint) as pending,
    cast(years.emergencies_excluded as bigint) as emergencies_excluded,
    cast(years.stays as bigint) as stays,
    cast(years.answered_within_48h as bigint) as answered_within_48h,
    cast(years.decided as bigint) as decided,
    cast(years.decided_approvals as bigint) as decided_approvals,
    cast(years.incomplete_rows as bigint) as incomplete_rows,
    case
        when years.decided > 0 then years.decided_approvals / cast(years.decided as double)
    end as approval_rate,
    expected.expected_approvals,
    expected.expected_requests,
    hidden.is_requests_hidden,
    hidden.is_decisions_hidden,
    hidden.is_parts_hidden,
    hidden.is_answers_hidden,
    hidden.is_stays_hidden,
    hidden.is_emergencies_hidden,
    cast(
        hidden.is_decisions_hidden or coalesce(expected.is_approvals_hidden, false) as boolean
    ) as is_expected_approvals_hidden,
    cast(
        hidden.is_stays_hidden or coalesce(expected.is_requests_hidden, false) as boolean
    ) as is_expected_requests_hidden,
    cast(hidden.is_requests_hidden or hidden.is_decisions_hidden as boolean) as is_hidden
from years
inner join stg_msap_establishments as establishments
    on
        years.finess = establishments.finess
        and years.year = establishments.year
left join expected
    on
        years.finess = expected.finess
        and years.year = expected.year
        and years.domain = expected.domain
inner join msap_hidden as hidden
    on
        hidden.kind = 'establishment'
        and years.year = hidden.year
        and years.finess = hidden.place
        and years.domain = hidden.domain
order by years.year, years.domain, establishments.unit_code, years.finess
