-- How far is each territory on its way from the initial value to the target of the barometer?
-- Grain: one row per indicator and territory. `progress` is worked out again and may be under 0 or
-- over 1, where the published one stops.
-- Parameter indicator: text (optional).
-- Parameter level: departement|region|national (optional).
-- Parameter territory: text (optional).
with

known as (

    select
        barometer_code,
        territory_code,
        max_by(initial_value, measured_on) filter (where initial_value is not null)
            as initial_value,
        max(measured_on) filter (where initial_value is not null) as initial_on,
        max_by(actual_value, measured_on) filter (where actual_value is not null)
            as actual_value,
        max(measured_on) filter (where actual_value is not null) as actual_on,
        max_by(target_value, measured_on) filter (where target_value is not null)
            as target_value,
        max(measured_on) filter (where target_value is not null) as target_on,
        max_by(published_progress_pct, measured_on)
        filter (where published_progress_pct is not null) / 100 as published_progress,
        max_by(file_name, measured_on) filter (where actual_value is not null) as file_name
    from barometer_values
    group by barometer_code, territory_code

)

select
    known.barometer_code,
    coalesce(barometer_indicators.title, known.barometer_code) as title,
    barometer_indicators.better,
    known.territory_code,
    territories.territory_name,
    territories.level,
    known.initial_value,
    known.initial_on,
    known.actual_value,
    known.actual_on,
    known.target_value,
    known.target_on,
    known.published_progress,
    (known.actual_value - known.initial_value)
    / nullif(known.target_value - known.initial_value, 0) as progress,
    known.file_name
from known
left join barometer_indicators
    on known.barometer_code = barometer_indicators.barometer_code
left join territories
    on known.territory_code = territories.territory_code
where
    ($indicator is null or known.barometer_code = $indicator)
    and ($level is null or territories.level = $level)
    and ($territory is null or known.territory_code = $territory)
    -- Public figures: any person who may see something may see them all.
    and len($scope) > 0
order by known.barometer_code, territories.sort_key, known.territory_code
