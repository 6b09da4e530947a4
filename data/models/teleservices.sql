-- Rates of online services and acts at a distance, whatever the source.
-- Grain: one row per service, year, period and source; the latest extract wins.
with

ranked as (

    select
        raw_teleservices.service,
        raw_teleservices.year,
        raw_teleservices.period,
        raw_teleservices.source,
        raw_teleservices.rate_pct,
        raw_teleservices.objective_pct,
        raw_teleservices.volume,
        raw_teleservices.volume_span,
        raw_teleservices.extract_id,
        raw_teleservices.source_sheet,
        raw_teleservices.source_row,
        extracts.file_name,
        extracts.origin = 'published' as is_published,
        row_number() over (
            partition by
                raw_teleservices.service,
                raw_teleservices.year,
                raw_teleservices.period,
                raw_teleservices.source
            order by extracts.position desc, raw_teleservices.source_row desc
        ) as recency
    from raw_teleservices
    inner join extracts
        on raw_teleservices.extract_id = extracts.extract_id

)

select
    service,
    year,
    period,
    source,
    rate_pct,
    objective_pct,
    volume,
    volume_span,
    is_published,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by service, year, period, source
