-- How far the year usually is by each month, and how landings have erred: what `landings` needs.
-- The region's profile where there is one, else the country's.
-- Grain: one row per cumulated indicator and month.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national.
-- Parameter year: integer.
-- Parameter profile: text (optional).
select
    year,
    indicator_code,
    level,
    profile_code,
    month,
    usual_share,
    season_weight,
    error_sd,
    error_count,
    objective_share
from cpg_seasonality
where
    year = $year
    and level = $level
    and profile_code in ($profile, 'FR')
    -- No share gives a hidden month away (data/models/seasonality.py): an aggregate that every role
    -- may see, from whoever may see anything at all.
    and len($scope) > 0
order by indicator_code, month
