-- A year's counts in every territory, by domain and status, with both totals.
-- Grain: one row per year, level, territory, domain and status, `total` among both.
with

years as (

    select
        months.finess,
        months.year,
        months.domain,
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
    from stg_msap_months as months
    group by months.finess, months.year, months.domain

)

select
    years.year,
    paths.level,
    paths.territory_code,
    coalesce(years.domain, 'total') as domain,
    coalesce(establishments.status, 'total') as status,
    count(distinct years.finess) as establishments,
    sum(years.requests) as requests,
    sum(years.approvals) as approvals,
    sum(years.refusals) as refusals,
    sum(years.pending) as pending,
    sum(years.emergencies_excluded) as emergencies_excluded,
    sum(years.stays) as stays,
    sum(years.answered_within_48h) as answered_within_48h,
    sum(years.decided) as decided,
    sum(years.decided_approvals) as decided_approvals,
    sum(years.incomplete_rows) as incomplete_rows
from years
inner join stg_msap_establishments as establishments
    on
        years.finess = establishments.finess
        and years.year = establishments.year
inner join stg_msap_paths as paths
    on establishments.unit_code = paths.unit_code
group by grouping sets (
    (years.year, paths.level, paths.territory_code, years.domain, establishments.status),
    (years.year, paths.level, paths.territory_code, years.domain),
    (years.year, paths.level, paths.territory_code, establishments.status),
    (years.year, paths.level, paths.territory_code)
)
