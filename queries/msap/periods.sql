-- The years of a territory or of one establishment, in periods of at least 11 requests.
-- Grain: one row per period of whole quarters; France where neither is named.
-- Parameter territory: text (optional).
-- Parameter finess: text (optional).
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
    first_month,
    last_month,
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
    is_requests_hidden,
    is_decisions_hidden,
    is_parts_hidden,
    is_answers_hidden,
    is_stays_hidden,
    is_emergencies_hidden,
    is_hidden
from msap_periods
where
    (
        finess = $finess
        or ($finess is null and finess is null and territory_code = coalesce($territory, 'FR'))
    )
    and domain = coalesce($domain, 'total')
    and territory_code in (select unnest($scope))
order by first_month
