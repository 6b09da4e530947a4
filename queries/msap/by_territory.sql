-- Requests and decisions of every territory of a level in a year.
-- Grain: one row per territory that the person may see; all statuses together.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national.
-- Parameter year: integer.
-- Parameter domain: chirurgie_ambulatoire | hors_chirurgie_ambulatoire | ssr | total (optional).
-- Parameter within: text (optional).
-- Hides by is_requests_hidden: requests.
-- Hides by is_parts_hidden: approvals, refusals, pending, incomplete_rows.
-- Hides by is_decisions_hidden: decided.
-- Hides by is_decisions_hidden: decided_approvals, approval_rate.
-- Hides by is_answers_hidden: answered_within_48h.
-- Hides by is_stays_hidden: stays.
-- Hides by is_emergencies_hidden: emergencies_excluded.
select
    counted.year,
    counted.level,
    counted.territory_code,
    counted.territory_name,
    counted.domain,
    counted.establishments,
    counted.requests,
    counted.approvals,
    counted.refusals,
    counted.pending,
    counted.emergencies_excluded,
    counted.stays,
    counted.answered_within_48h,
    counted.decided,
    counted.decided_approvals,
    counted.incomplete_rows,
    counted.approval_rate,
    counted.is_requests_hidden,
    counted.is_decisions_hidden,
    counted.is_parts_hidden,
    counted.is_answers_hidden,
    counted.is_stays_hidden,
    counted.is_emergencies_hidden,
    counted.is_hidden
from msap_by_status as counted
inner join territories
    on counted.territory_code = territories.territory_code
where
    counted.year = $year
    and counted.level = $level
    and counted.status = 'total'
    and counted.domain = coalesce($domain, 'total')
    and counted.territory_code in (select unnest($scope))
    and (
        $within is null
        or counted.territory_code in (
            select descendant_code
            from territory_bridge
            where ancestor_code = $within
        )
    )
order by territories.sort_key
