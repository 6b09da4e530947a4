-- Every relation "this count is the sum of those" among the cells that are shown.
-- Grain: one row per relation, variant, total and part. `variant` tells apart the coverings of one
-- territory by those of several levels. `is_defining`: the relations from which all others follow.
with

only_caisses as (

    select department_code
    from territories
    where level = 'caisse'
    group by department_code
    having count(*) = 1

),

establishments as (

    select
        held.finess,
        held.year,
        held.status,
        paths.territory_code,
        paths.level,
        -- A department of one caisse is that caisse, as a relation of territories says.
        paths.level = 'caisse'
        or (paths.level = 'departement' and only_caisses.department_code is null) as is_smallest
    from stg_msap_establishments as held
    inner join stg_msap_paths as paths
        on held.unit_code = paths.unit_code
    left join only_caisses
        on paths.territory_code = only_caisses.department_code

),

periods as (

    select
        cell_id,
        year,
        place,
        domain
    from stg_msap_cells
    where kind = 'period' or (kind = 'quarter' and not is_withheld)

)

-- An item over the domains, for each status, establishment and quarter.
select
    1 as relation,
    0 as variant,
    whole.cell_id as total_id,
    part.cell_id as part_id,
    true as is_defining
from stg_msap_cells as whole
inner join stg_msap_cells as part
    on
        whole.kind = part.kind
        and whole.year = part.year
        and whole.place = part.place
        and whole.item = part.item
where
    whole.kind in ('status', 'establishment', 'quarter')
    and whole.domain = 'total'
    and part.domain <> 'total'
union all
-- A domain over the statuses.
select
    2 as relation,
    0 as variant,
    whole.cell_id as total_id,
    part.cell_id as part_id,
    cast(whole.domain <> 'total' as boolean) as is_defining
from stg_msap_cells as whole
inner join stg_msap_cells as part
    on
        whole.kind = part.kind
        and whole.year = part.year
        and whole.place = part.place
        and whole.domain = part.domain
where whole.kind = 'status' and whole.item = 'total' and part.item <> 'total'
union all
-- A territory over those that cover it.
select
    3 as relation,
    msap_territory_sums.sum_id as variant,
    whole.cell_id as total_id,
    part.cell_id as part_id,
    cast(
        msap_territory_sums.is_defining
        and whole.domain <> 'total'
        and whole.item <> 'total' as boolean
    ) as is_defining
from msap_territory_sums
inner join stg_msap_cells as whole
    on msap_territory_sums.total_code = whole.place
inner join stg_msap_cells as part
    on
        msap_territory_sums.part_code = part.place
        and whole.kind = part.kind
        and whole.year = part.year
        and whole.domain = part.domain
        and whole.item = part.item
where whole.kind in ('status', 'procedure', 'quarter')
union all
-- A territory's domain over its procedures.
select
    4 as relation,
    0 as variant,
    whole.cell_id as total_id,
    part.cell_id as part_id,
    false as is_defining
from stg_msap_cells as whole
inner join stg_msap_cells as part
    on
        whole.year = part.year
        and whole.place = part.place
        and whole.domain = part.domain
where whole.kind = 'status' and whole.item = 'total' and part.kind = 'procedure'
union all
-- An establishment's domain over its procedures.
select
    5 as relation,
    0 as variant,
    whole.cell_id as total_id,
    part.cell_id as part_id,
    true as is_defining
from stg_msap_cells as whole
inner join stg_msap_cells as part
    on
        whole.year = part.year
        and whole.place = part.place
        and whole.domain = part.domain
where whole.kind = 'establishment' and part.kind = 'establishment_procedure'
union all
-- A territory's domain over its establishments, those of a status and all of them.
select
    6 as relation,
    0 as variant,
    whole.cell_id as total_id,
    part.cell_id as part_id,
    cast(
        establishments.is_smallest
        and whole.domain <> 'total'
        and whole.item <> 'total' as boolean
    ) as is_defining
from stg_msap_cells as whole
inner join establishments
    on
        whole.place = establishments.territory_code
        and whole.year = establishments.year
        and (whole.item = 'total' or whole.item = establishments.status)
inner join stg_msap_cells as part
    on
        establishments.finess = part.place
        and whole.year = part.year
        and whole.domain = part.domain
where whole.kind = 'status' and part.kind = 'establishment'
union all
-- A caisse's or department's procedure, and its quarter, over its establishments: larger
-- territories are sums of these.
select
    7 as relation,
    0 as variant,
    whole.cell_id as total_id,
    part.cell_id as part_id,
    cast(establishments.is_smallest and whole.domain <> 'total' as boolean) as is_defining
from stg_msap_cells as whole
inner join establishments
    on
        whole.place = establishments.territory_code
        and whole.year = establishments.year
inner join stg_msap_cells as part
    on
        establishments.finess = part.place
        and whole.year = part.year
        and whole.domain = part.domain
        and whole.item = part.item
where
    establishments.level in ('caisse', 'departement')
    and (
        (whole.kind = 'procedure' and part.kind = 'establishment_procedure')
        or (whole.kind = 'quarter' and part.kind = 'quarter')
    )
union all
-- A year over its periods.
select
    8 as relation,
    0 as variant,
    whole.cell_id as total_id,
    part.cell_id as part_id,
    cast(whole.kind = 'establishment' and whole.domain <> 'total' as boolean) as is_defining
from stg_msap_cells as whole
inner join periods as part
    on
        whole.year = part.year
        and whole.place = part.place
        and whole.domain = part.domain
where (whole.kind = 'status' and whole.item = 'total') or whole.kind = 'establishment'
union all
-- A period over its quarters.
select
    9 as relation,
    0 as variant,
    whole.cell_id as total_id,
    part.cell_id as part_id,
    true as is_defining
from stg_msap_cells as whole
inner join stg_msap_periods as periods
    on
        whole.place = periods.place
        and whole.year = periods.year
        and whole.domain = periods.domain
        and whole.item = cast(periods.first_quarter as varchar)
inner join stg_msap_cells as part
    on
        whole.year = part.year
        and whole.place = part.place
        and whole.domain = part.domain
        and part.item = cast(periods.quarter as varchar)
where whole.kind = 'period' and part.kind = 'quarter'
