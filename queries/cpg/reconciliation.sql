-- What was published beside the roll-up of what caisses sent.
-- Grain: one row per published territory and indicator of the year.
-- Parameter year: integer.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national (optional).
-- Hides by is_hidden: computed_realised, computed_attainment.
-- Hides by is_hidden: attainment_difference, realised_difference.
select
    territory_code,
    territory_name,
    level,
    year,
    indicator_code,
    published_realised,
    published_attainment,
    computed_realised,
    computed_objective,
    computed_attainment,
    attainment_difference,
    realised_difference,
    senders_expected,
    senders_received,
    from_published_rates,
    verdict,
    file_name,
    source_row,
    is_hidden
from cpg_reconciliation
where
    year = $year
    and territory_code in (select unnest($scope))
    and ($level is null or level = $level)
