-- What the barometer's indicators are called and which way they should go.
-- Grain: one row per indicator; the latest extract wins.
with

ranked as (

    select
        raw_barometer_indicators.barometer_code,
        raw_barometer_indicators.title,
        raw_barometer_indicators.administrative_title,
        raw_barometer_indicators.description,
        raw_barometer_indicators.administrative_description,
        raw_barometer_indicators.better,
        raw_barometer_indicators.project_code,
        raw_barometer_indicators.extract_id,
        raw_barometer_indicators.source_sheet,
        raw_barometer_indicators.source_row,
        extracts.file_name,
        row_number() over (
            partition by
                raw_barometer_indicators.barometer_code
            order by extracts.position desc, raw_barometer_indicators.source_row desc
        ) as recency
    from raw_barometer_indicators
    inner join extracts
        on raw_barometer_indicators.extract_id = extracts.extract_id

)

select
    barometer_code,
    title,
    administrative_title,
    description,
    administrative_description,
    better,
    project_code,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by barometer_code
