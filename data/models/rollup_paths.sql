-- Which caisses stand under each territory: the bridge, each level by its own hierarchy.
-- Grain: one row per level, territory and caisse.
select
    ancestor_level as level,
    ancestor_code as territory_code,
    descendant_code as caisse_code
from territory_bridge
where
    descendant_level = 'caisse'
    and hierarchy = case ancestor_level
        when 'drsm' then 'medicale'
        when 'ancienne_region' then 'historique'
        else 'regionale'
    end
