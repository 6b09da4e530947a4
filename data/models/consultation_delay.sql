-- Consultations after an operation by class of days, the last class open.
-- Grain: one row per year and class; the latest extract wins.
with

ranked as (

    select
        raw_consultation_delay.year,
        raw_consultation_delay.days_from,
        raw_consultation_delay.days_to,
        raw_consultation_delay.consultations,
        raw_consultation_delay.extract_id,
        raw_consultation_delay.source_sheet,
        raw_consultation_delay.source_row,
        extracts.file_name,
        extracts.origin = 'published' as is_published,
        row_number() over (
            partition by
                raw_consultation_delay.year,
                raw_consultation_delay.days_from
            order by extracts.position desc, raw_consultation_delay.source_row desc
        ) as recency
    from raw_consultation_delay
    inner join extracts
        on raw_consultation_delay.extract_id = extracts.extract_id

)

select
    year,
    days_from,
    days_to,
    consultations,
    is_published,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by year, days_from
