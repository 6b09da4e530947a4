-- Pairs of cells of which one lies within the other though no relation says so: their difference is
-- a count as well. Grain: one row per pair: the same count of two territories whose maps cross, the
-- same procedure or the same quarters of two places one within the other.
with

spans as (

    select
        cells.cell_id,
        cells.year,
        cells.place,
        cells.domain,
        periods.first_quarter,
        periods.last_quarter
    from stg_msap_cells as cells
    inner join stg_msap_periods as periods
        on
            cells.place = periods.place
            and cells.year = periods.year
            and cells.domain = periods.domain
            and cells.item = cast(periods.quarter as varchar)
    where cells.kind = 'period' or (cells.kind = 'quarter' and not cells.is_withheld)

),

places as (

    select
        null as year,
        whole_code,
        part_code
    from msap_inclusions
    union all
    select
        establishments.year,
        paths.territory_code as whole_code,
        establishments.finess as part_code
    from stg_msap_establishments as establishments
    inner join stg_msap_paths as paths
        on establishments.unit_code = paths.unit_code

)

select
    whole.cell_id as whole_id,
    part.cell_id as part_id
from msap_inclusions as inclusions
inner join stg_msap_cells as whole
    on inclusions.whole_code = whole.place
inner join stg_msap_cells as part
    on
        inclusions.part_code = part.place
        and whole.kind = part.kind
        and whole.year = part.year
        and whole.domain = part.domain
        and whole.item = part.item
where whole.kind in ('status', 'procedure')
union all
select
    whole.cell_id as whole_id,
    part.cell_id as part_id
from places
inner join stg_msap_cells as part
    on
        places.part_code = part.place
        and places.year = part.year
inner join stg_msap_cells as whole
    on
        places.whole_code = whole.place
        and part.year = whole.year
        and part.domain = whole.domain
        and part.item = whole.item
cross join hiding
where
    part.kind = 'establishment_procedure'
    and whole.kind = 'procedure'
    -- Few establishments make nearly all of a procedure in a large territory.
    and (
        whole.requests - part.requests between 1 and hiding.largest_small
        or whole.decided_approvals - part.decided_approvals between 1 and hiding.largest_small
        or (whole.decided - whole.decided_approvals) - (part.decided - part.decided_approvals)
        between 1 and hiding.largest_small
        or whole.approvals - part.approvals between 1 and hiding.largest_small
        or whole.refusals - part.refusals between 1 and hiding.largest_small
        or whole.pending - part.pending between 1 and hiding.largest_small
        or (whole.requests - whole.decided) - (part.requests - part.decided)
        between 1 and hiding.largest_small
        or whole.answered_within_48h - part.answered_within_48h
        between 1 and hiding.largest_small
        or (whole.requests - whole.answered_within_48h)
        - (part.requests - part.answered_within_48h) between 1 and hiding.largest_small
        or whole.stays - part.stays between 1 and hiding.largest_small
        or whole.emergencies_excluded - part.emergencies_excluded
        between 1 and hiding.largest_small
    )
union all
select
    whole.cell_id as whole_id,
    part.cell_id as part_id
from places
inner join spans as whole
    on
        places.whole_code = whole.place
        and (places.year is null or places.year = whole.year)
inner join spans as part
    on
        places.part_code = part.place
        and whole.year = part.year
        and whole.domain = part.domain
        and whole.first_quarter = part.first_quarter
        and whole.last_quarter = part.last_quarter
