-- How each figure of a year is judged: what two publications are compared by.
-- Grain: one row per territory and indicator, in the order of the board. Only columns that the
-- builds of former versions have too.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national.
-- Parameter year: integer.
-- Parameter within: text (optional).
-- Hides by is_hidden: realised, attainment, status.
select
    territory_code,
    territory_name,
    indicator_code,
    realised,
    objective_to_date,
    attainment_to_date as attainment,
    status,
    is_hidden
from cpg_attainment
where
    year = $year
    and level = $level
    and territory_code in (select unnest($scope))
    and (
        $within is null
        or territory_code in (
            select descendant_code
            from territory_bridge
            where ancestor_code = $within
        )
    )
