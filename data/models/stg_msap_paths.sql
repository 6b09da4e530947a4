-- Which territories hold each establishment, every level by its own hierarchy.
-- Grain: one row per caisse or department, level and territory.
select
    descendant_code as unit_code,
    ancestor_level as level,
    ancestor_code as territory_code
from territory_bridge
where
    descendant_level in ('caisse', 'departement')
    and hierarchy = case ancestor_level
        when 'drsm' then 'medicale'
        when 'ancienne_region' then 'historique'
        else 'regionale'
    end
