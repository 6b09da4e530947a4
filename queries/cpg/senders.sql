-- Who has sent what for a year: months received against the last month known of anyone.
-- Grain: one row per caisse of the CPG.
-- Parameter year: integer.
select
    caisse_code,
    caisse_name,
    department_code,
    region_code,
    drsm_code,
    year,
    months_expected,
    months_received,
    missing_months,
    indicators_received,
    last_month,
    expected_month,
    is_provisional,
    is_silent
from cpg_senders
where
    year = $year
    and caisse_code in (select unnest($scope))
