-- The territories that the person may see in detail.
-- Grain: one row per territory, by level and French order of names.
select
    territory_code,
    level,
    territory_name,
    department_code,
    drsm_code,
    region_code,
    ancienne_region_code,
    population,
    has_cpg
from territories
where territory_code in (select unnest($scope))
order by level, sort_key
