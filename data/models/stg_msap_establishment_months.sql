-- Each establishment's months, with the total over domains.
-- Grain: one row per establishment, month and domain, `total` among them.
select
    months.finess,
    months.year,
    months.month,
    coalesce(months.domain, 'total') as domain,
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
group by grouping sets (
    (months.finess, months.year, months.month, months.domain),
    (months.finess, months.year, months.month)
)
