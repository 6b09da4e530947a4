-- Requests and decisions of a territory by procedure, the most asked for first.
-- Grain: one row per year, domain and procedure; France where no territory is named. `is_known` is
-- false for a text that is in no referential.
-- Parameter territory: text (optional).
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
    level,
    territory_code,
    territory_name,
    domain,
    procedure_code,
    procedure_name,
    is_known,
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
    is_requests_hidden,
    is_decisions_hidden,
    is_parts_hidden,
    is_answers_hidden,
    is_stays_hidden,
    is_emergencies_hidden,
    is_hidden
from msap_by_procedure
where
    territory_code = coalesce($territory, 'FR')
    and territory_code in (select unnest($scope))
    and ($year is null or year = $year)
    and (coalesce($domain, 'total') = 'total' or domain = $domain)
-- Ranked by what everybody may see: the order must not tell a hidden count.
order by
    year asc,
    domain asc,
    case when not is_requests_hidden then requests end desc nulls last,
    procedure_name asc
