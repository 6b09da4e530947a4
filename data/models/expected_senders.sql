-- The caisses that have a CPG and are expected to send.
-- Grain: one row per caisse.
select territory_code as caisse_code
from territories
where level = 'caisse' and has_cpg
