-- Savings expected of programmes, by volet and in all.
-- Grain: one row per programme, year and volet; the latest extract wins.
with

ranked as (

    select
        raw_programme_savings.programme,
        raw_programme_savings.year,
        raw_programme_savings.volet,
        raw_programme_savings.label,
        raw_programme_savings.adhesions,
        raw_programme_savings.hospital_meur,
        raw_programme_savings.city_meur,
        raw_programme_savings.extract_id,
        raw_programme_savings.source_sheet,
        raw_programme_savings.source_row,
        extracts.file_name,
        extracts.origin = 'published' as is_published,
        row_number() over (
            partition by
                raw_programme_savings.programme,
                raw_programme_savings.year,
                raw_programme_savings.volet
            order by extracts.position desc, raw_programme_savings.source_row desc
        ) as recency
    from raw_programme_savings
    inner join extracts
        on raw_programme_savings.extract_id = extracts.extract_id

)

select
    programme,
    year,
    volet,
    label,
    adhesions,
    hospital_meur,
    city_meur,
    is_published,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by programme, year, volet
