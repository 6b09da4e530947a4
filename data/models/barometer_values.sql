-- Values, targets and published progress of the barometer's indicators, as sent.
-- Grain: one row per indicator, territory and date; the latest extract wins.
with

ranked as (

    select
        raw_barometer.barometer_code,
        raw_barometer.territory_code,
        raw_barometer.measured_on,
        raw_barometer.initial_value,
        raw_barometer.actual_value,
        raw_barometer.target_value,
        raw_barometer.published_progress_pct,
        raw_barometer.extract_id,
        raw_barometer.source_sheet,
        raw_barometer.source_row,
        extracts.file_name,
        row_number() over (
            partition by
                raw_barometer.barometer_code,
                raw_barometer.territory_code,
                raw_barometer.measured_on
            order by extracts.position desc, raw_barometer.source_row desc
        ) as recency
    from raw_barometer
    inner join extracts
        on raw_barometer.extract_id = extracts.extract_id

)

select
    barometer_code,
    territory_code,
    measured_on,
    initial_value,
    actual_value,
    target_value,
    published_progress_pct,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by barometer_code, territory_code, measured_on
