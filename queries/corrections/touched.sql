-- Which figures of a year rest on an accepted correction? Neither caisse, month nor value.
-- Grain: one row per territory of a level and indicator that one applies to.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national.
-- Parameter year: integer.
select distinct
    territory_bridge.ancestor_code as territory_code,
    cpg_corrections.indicator_code
from cpg_corrections
inner join territory_bridge
    on cpg_corrections.caisse_code = territory_bridge.descendant_code
where
    cpg_corrections.state = 'applied'
    and cpg_corrections.year = $year
    and territory_bridge.ancestor_level = $level
    and territory_bridge.ancestor_code in (select unnest($scope))
order by territory_code, indicator_code
