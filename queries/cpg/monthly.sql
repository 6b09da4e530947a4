-- The months behind one figure, with those of the three years before.
-- Grain: one row per month.
-- Parameter territory: text.
-- Parameter indicator: text.
-- Parameter year: integer.
-- Hides by is_hidden: realised, numerator.
-- Hides by is_cumulated_hidden: cumulated.
select
    territory_code,
    indicator_code,
    year,
    month,
    realised,
    cumulated,
    objective,
    objective_to_date,
    is_provisional,
    senders_expected,
    senders_received,
    is_hidden,
    is_cumulated_hidden,
    numerator,
    denominator
from cpg_monthly
where
    year between $year - 3 and $year
    and territory_code = $territory
    and indicator_code = $indicator
    and territory_code in (select unnest($scope))
order by month
