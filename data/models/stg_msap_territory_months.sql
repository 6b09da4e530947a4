-- The months of every territory, with the total over domains.
-- Grain: one row per level, territory, month and domain, `total` among them.
select
    paths.level,
    paths.territory_code,
    months.year,
    months.month,
    months.domain,
    count(distinct months.finess) as establishments,
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
from stg_msap_establishment_months as months
inner join stg_msap_establishments as establishments
    on
        months.finess = establishments.finess
        and months.year = establishments.year
inner join stg_msap_paths as paths
    on establishments.unit_code = paths.unit_code
group by paths.level, paths.territory_code, months.year, months.month, months.domain
