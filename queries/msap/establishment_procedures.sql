-- The procedures of one establishment.
-- Grain: one row per year, domain and procedure.
-- Parameter finess: text.
-- Parameter year: integer (optional).
-- Parameter domain: chirurgie_ambulatoire | hors_chirurgie_ambulatoire | ssr | total (optional).
-- Hides by is_requests_hidden: requests.
-- Hides by is_parts_hidden: approvals, refusals, pending, incomplete_rows.
-- Hides by is_decisions_hidden: decided.
-- Hides by is_decisions_hidden: decided_approvals, approval_rate.
-- Hides by is_answers_hidden: answered_within_48h.
-- Hides by is_stays_hidden: stays.
-- Hides by is_emergencies_hidden: emergencies_excluded.
select
    year,
    finess,
    territory_code,
    domain,
    procedure_code,
    procedure_name,
    is_known,
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
    is_requests_hidden,
    is_decisions_hidden,
    is_parts_hidden,
    is_answers_hidden,
    is_stays_hidden,
    is_emergencies_hidden,
    is_hidden
from msap_establishment_procedures
where
    finess = $finess
    and territory_code in (select unnest($scope))
    and ($year is null or year = $year)
    and (coalesce($domain, 'total') = 'total' or domain = $domain)
order by
    year asc,
    domain asc,
    case when not is_requests_hidden then requests end desc nulls last,
    procedure_name asc
