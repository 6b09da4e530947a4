-- The months of one establishment, for whoever has the right to its small numbers.
-- Grain: one row per month. Others are shown `msap/periods`.
-- Parameter finess: text.
-- Parameter domain: chirurgie_ambulatoire | hors_chirurgie_ambulatoire | ssr | total (optional).
-- Hides by is_hidden: requests, approvals, refusals, pending, emergencies_excluded, stays.
-- Hides by is_hidden: answered_within_48h, decided, decided_approvals.
-- Hides by is_hidden: incomplete_rows, approval_rate.
select
    year,
    month,
    finess,
    territory_code,
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
    incomplete_rows,
    approval_rate,
    is_hidden
from msap_establishment_monthly
where
    finess = $finess
    and domain = coalesce($domain, 'total')
    and territory_code in (select unnest($scope))
order by month
