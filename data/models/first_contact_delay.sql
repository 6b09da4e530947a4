-- Days from hospital to the first contact with a professional, with PRADO and without.
-- Grain: one row per year, operation and professional; the latest extract wins.
with

ranked as (

    select
        raw_first_contact_delay.year,
        raw_first_contact_delay.surgery,
        raw_first_contact_delay.professional,
        raw_first_contact_delay.prado_days,
        raw_first_contact_delay.eligible_days,
        raw_first_contact_delay.extract_id,
        raw_first_contact_delay.source_sheet,
        raw_first_contact_delay.source_row,
        extracts.file_name,
        extracts.origin = 'published' as is_published,
        row_number() over (
            partition by
                raw_first_contact_delay.year,
                raw_first_contact_delay.surgery,
                raw_first_contact_delay.professional
            order by extracts.position desc, raw_first_contact_delay.source_row desc
        ) as recency
    from raw_first_contact_delay
    inner join extracts
        on raw_first_contact_delay.extract_id = extracts.extract_id

)

select
    year,
    surgery,
    professional,
    prado_days,
    eligible_days,
    is_published,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by year, surgery, professional
