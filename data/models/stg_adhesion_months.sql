-- Adhesions by month, rolled up to every territory.
-- Grain: one row per level, territory, programme, volet and month.
select
    rollup_paths.level,
    rollup_paths.territory_code,
    cells.programme,
    cells.volet,
    cells.year,
    cells.month,
    cast(sum(cells.adhesions) as bigint) as adhesions,
    cast(sum(cells.eligible) as bigint) as eligible,
    cast(sum(cells.new_in_care_gap) as bigint) as new_in_care_gap,
    count(*) as caisses_received
from stg_adhesion_cells as cells
inner join rollup_paths
    on cells.caisse_code = rollup_paths.caisse_code
group by
    rollup_paths.level,
    rollup_paths.territory_code,
    cells.programme,
    cells.volet,
    cells.year,
    cells.month
