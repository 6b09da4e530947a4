-- The tables of MSAP as published, and beside each total what the table's own lines make.
-- Grain: one row per printed line; the latest extract that has a table gives it whole. A table that
-- prints no total has one more row, `is_printed` false, with the computed values alone.
-- `computed_*`: on totals, the sum of the other lines; a blank cell is left out, never zero, and
-- `blank_*` counts those. Null where no line has the measure.
with

latest as (

    select
        raw_msap_published.table_code,
        raw_msap_published.year,
        raw_msap_published.domain,
        raw_msap_published.perimeter,
        max(live_extracts.position) as position
    from raw_msap_published
    inner join live_extracts
        on raw_msap_published.extract_id = live_extracts.extract_id
    group by all

),

printed as (

    select
        raw_msap_published.table_code,
        raw_msap_published.year,
        raw_msap_published.domain,
        raw_msap_published.perimeter,
        raw_msap_published.source_line,
        raw_msap_published.label,
        raw_msap_published.procedure_code,
        raw_msap_published.is_total,
        raw_msap_published.establishments,
        raw_msap_published.requests,
        raw_msap_published.approvals,
        raw_msap_published.refusals,
        raw_msap_published.stays,
        raw_msap_published.requests_per_stay_pct,
        raw_msap_published.extract_id,
        raw_msap_published.source_sheet,
        raw_msap_published.source_row
    from raw_msap_published
    inner join live_extracts
        on raw_msap_published.extract_id = live_extracts.extract_id
    inner join latest
        on
            live_extracts.position = latest.position
            and raw_msap_published.table_code = latest.table_code
            and raw_msap_published.year = latest.year
            and raw_msap_published.domain = latest.domain
            and raw_msap_published.perimeter = latest.perimeter

),

summed as (

    select
        table_code,
        year,
        domain,
        perimeter,
        any_value(extract_id) as extract_id,
        max(source_line) as last_line,
        bool_or(is_total) as has_total,
        cast(sum(establishments) filter (where not is_total) as bigint) as establishments,
        cast(sum(requests) filter (where not is_total) as bigint) as requests,
        cast(sum(approvals) filter (where not is_total) as bigint) as approvals,
        cast(sum(refusals) filter (where not is_total) as bigint) as refusals,
        cast(sum(stays) filter (where not is_total) as bigint) as stays,
        count(*) filter (where not is_total and requests is null) as blank_requests,
        count(*) filter (where not is_total and approvals is null) as blank_approvals,
        count(*) filter (where not is_total and refusals is null) as blank_refusals
    from printed
    group by table_code, year, domain, perimeter

),

lines as (

    select
        printed.*,
        true as is_printed
    from printed
    union all by name
    select
        table_code,
        year,
        domain,
        perimeter,
        last_line + 1 as source_line,
        'Total' as label,
        true as is_total,
        extract_id,
        false as is_printed
    from summed
    where not has_total

)

select
    lines.table_code,
    lines.year,
    lines.domain,
    lines.perimeter,
    lines.source_line,
    lines.label,
    lines.procedure_code,
    procedures.procedure_name,
    lines.is_total,
    lines.is_printed,
    lines.establishments,
    lines.requests,
    lines.approvals,
    lines.refusals,
    lines.stays,
    lines.requests_per_stay_pct,
    lines.approvals + lines.refusals as decided,
    case when lines.is_total then summed.establishments end as computed_establishments,
    case when lines.is_total then summed.requests end as computed_requests,
    case when lines.is_total then summed.approvals end as computed_approvals,
    case when lines.is_total then summed.refusals end as computed_refusals,
    case when lines.is_total then summed.stays end as computed_stays,
    case when lines.is_total then summed.blank_requests end as blank_requests,
    case when lines.is_total then summed.blank_approvals end as blank_approvals,
    case when lines.is_total then summed.blank_refusals end as blank_refusals,
    lines.extract_id,
    extracts.file_name,
    lines.source_sheet,
    lines.source_row
from lines
inner join summed
    on
        lines.table_code = summed.table_code
        and lines.year = summed.year
        and lines.domain = summed.domain
        and lines.perimeter = summed.perimeter
inner join extracts
    on lines.extract_id = extracts.extract_id
left join procedures
    on lines.procedure_code = procedures.procedure_code
order by lines.table_code, lines.year, lines.domain, lines.perimeter, lines.source_line
