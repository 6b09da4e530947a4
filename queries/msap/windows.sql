-- MSAP windows: what was asked and answered in the six months before, during, and after.
-- Grain: one row per establishment, domain, window and phase (before, during, after).
-- Parameter finess: text (optional).
-- Parameter domain: chirurgie_ambulatoire | hors_chirurgie_ambulatoire | ssr | total (optional).
-- Parameter within: text (optional).
-- Hides by is_hidden: requests, approvals, refusals, pending, emergencies_excluded, stays.
-- Hides by is_hidden: answered_within_48h, decided, decided_approvals.
-- Hides by is_hidden: incomplete_rows, approval_rate.
select
    finess,
    establishment_name,
    territory_code,
    domain,
    window_start,
    window_end,
    phase,
    first_month,
    last_month,
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
from msap_windows
where
    territory_code in (select unnest($scope))
    and ($finess is null or finess = $finess)
    and (coalesce($domain, 'total') = 'total' or domain = $domain)
    and (
        $within is null
        or territory_code in (
            select descendant_code
            from territory_bridge
            where ancestor_code = $within
        )
    )
order by establishment_name, finess, domain, window_start, first_month
