-- Each establishment's year: requests, decisions, and what its procedures make expect.
-- Grain: one row per establishment of the territories that the person sees in detail.
-- Parameter year: integer.
-- Parameter domain: chirurgie_ambulatoire | hors_chirurgie_ambulatoire | ssr | total (optional).
-- Parameter within: text (optional).
-- Hides by is_requests_hidden: requests.
-- Hides by is_parts_hidden: approvals, refusals, pending, incomplete_rows.
-- Hides by is_decisions_hidden: decided.
-- Hides by is_decisions_hidden: decided_approvals.
-- Hides by is_decisions_hidden: approval_rate.
-- Hides by is_expected_approvals_hidden: expected_approvals.
-- Hides by is_answers_hidden: answered_within_48h.
-- Hides by is_stays_hidden: stays.
-- Hides by is_expected_requests_hidden: expected_requests.
-- Hides by is_emergencies_hidden: emergencies_excluded.
select
    year,
    domain,
    finess,
    establishment_name,
    status,
    category,
    territory_code,
    caisse_code,
    department_code,
    region_code,
    drsm_code,
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
    expected_approvals,
    expected_requests,
    is_requests_hidden,
    is_decisions_hidden,
    is_parts_hidden,
    is_answers_hidden,
    is_stays_hidden,
    is_emergencies_hidden,
    is_expected_approvals_hidden,
    is_expected_requests_hidden,
    is_hidden
from msap_by_establishment
where
    year = $year
    and domain = coalesce($domain, 'total')
    and territory_code in (select unnest($scope))
    and (
        $within is null
        or territory_code in (
            select descendant_code
            from territory_bridge
            where ancestor_code = $within
        )
    )
order by establishment_name, finess
