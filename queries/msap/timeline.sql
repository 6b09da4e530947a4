-- The months of a territory, for whoever has the right to its small numbers; see `msap/periods`.
-- Grain: one row per month; France where no territory is named.
-- Parameter territory: text (optional).
-- Parameter domain: chirurgie_ambulatoire | hors_chirurgie_ambulatoire | ssr | total (optional).
-- Hides by is_hidden: requests, approvals, refusals, pending, emergencies_excluded, stays.
-- Hides by is_hidden: answered_within_48h, decided, decided_approvals.
-- Hides by is_hidden: incomplete_rows, approval_rate.
select
    year,
    month,
    level,
    territory_code,
    domain,
    establishments,
    requests,
    approvals,
    refusals,
    pending,
    emergencies_excluded,
    stays,
    answered_within_48h,
    decided,
    decided_approvals,
    incomplete_rows,
    approval_rate,
    is_hidden
from msap_monthly
where
    territory_code = coalesce($territory, 'FR')
    and domain = coalesce($domain, 'total')
    and territory_code in (select unnest($scope))
order by month
