-- Adhesions and objectives by year, rolled up to every territory.
-- Grain: one row per level, territory, programme, volet and year. A caisse's objective of the year
-- is that of its latest month.
with

caisses as (

    select
        caisse_code,
        programme,
        volet,
        year,
        sum(adhesions) as adhesions,
        sum(new_in_care_gap) as new_in_care_gap,
        max_by(objective, month) as objective
    from stg_adhesion_cells
    group by caisse_code, programme, volet, year

)

select
    rollup_paths.level,
    rollup_paths.territory_code,
    caisses.programme,
    caisses.volet,
    caisses.year,
    cast(sum(caisses.adhesions) as bigint) as adhesions,
    cast(sum(caisses.new_in_care_gap) as bigint) as new_in_care_gap,
    cast(sum(caisses.objective) as bigint) as objective
from caisses
inner join rollup_paths
    on caisses.caisse_code = rollup_paths.caisse_code
group by
    rollup_paths.level,
    rollup_paths.territory_code,
    caisses.programme,
    caisses.volet,
    caisses.year
