-- The territories with a CPG that anybody may be compared with: names and sizes, which are public.
-- Grain: one row per territory under the country, by level and French order of names.
-- scope: none
select
    territories.territory_code,
    territories.level,
    territories.territory_name,
    territories.population,
    regions.territory_name as region_name
from territories
left join territories as regions
    on
        territories.region_code = regions.territory_code
        and territories.level in ('caisse', 'departement')
where
    territories.has_cpg
    and territories.level <> 'national'
order by territories.level, territories.sort_key
