-- The people eligible for a programme by the end of each month, in every territory.
-- Grain: one row per level, territory, programme, volet and month that any caisse sent. A caisse
-- that is late still has the people that it told last: its adhesions count too.
with

months as (

    select distinct
        programme,
        volet,
        month
    from stg_adhesion_cells

),

told as (

    select
        months.programme,
        months.volet,
        months.month,
        cells.caisse_code,
        max_by(cells.eligible, cells.month) as eligible
    from months
    inner join stg_adhesion_cells as cells
        on
            months.programme = cells.programme
            and months.volet = cells.volet
            and months.month >= cells.month
    where cells.eligible is not null
    group by months.programme, months.volet, months.month, cells.caisse_code

)

select
    told.programme,
    told.volet,
    rollup_paths.level,
    rollup_paths.territory_code,
    told.month,
    cast(sum(told.eligible) as bigint) as eligible
from told
inner join rollup_paths
    on told.caisse_code = rollup_paths.caisse_code
group by
    told.programme, told.volet, rollup_paths.level, rollup_paths.territory_code, told.month
order by told.programme, told.volet, rollup_paths.level, rollup_paths.territory_code, told.month
