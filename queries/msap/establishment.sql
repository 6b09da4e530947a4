-- One establishment over its years and domains.
-- Grain: one row per year and domain, `total` among them.
-- Parameter finess: text.
-- Parameter year: integer (optional).
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
    finess = $finess
    and territory_code in (select unnest($scope))
    and ($year is null or year = $year)
order by year, domain
