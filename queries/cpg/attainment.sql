-- Attainment of the CPG objectives: every territory of a level and indicator of a year.
-- Grain: one row per territory and indicator, whether anything was sent or not.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national.
-- Parameter year: integer.
-- Parameter within: text (optional).
-- Parameter indicator: text (optional).
-- Hides by is_hidden: realised, numerator, attainment, attainment_to_date, status, peer_rank.
select
    territory_code,
    territory_name,
    level,
    region_code,
    drsm_code,
    department_code,
    year,
    indicator_code,
    realised,
    numerator,
    denominator,
    objective,
    objective_to_date,
    attainment,
    attainment_to_date,
    status,
    is_open_year,
    last_month,
    last_sent_month,
    is_provisional,
    senders_expected,
    senders_received,
    senders_silent,
    is_hidden,
    peer_rank,
    peer_count
from cpg_attainment
where
    year = $year
    and level = $level
    and territory_code in (select unnest($scope))
    and ($indicator is null or indicator_code = $indicator)
    and (
        $within is null
        or territory_code in (
            select descendant_code
            from territory_bridge
            where ancestor_code = $within
        )
    )
