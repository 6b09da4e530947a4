-- Where all territories of a level stand, as quartiles: the comparison open to everyone.
-- Grain: one row per indicator of the year.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national.
-- Parameter year: integer.
select
    indicator_code,
    level,
    year,
    territory_count,
    attainment_q1,
    attainment_median,
    attainment_q3
from cpg_peers
where
    year = $year
    and level = $level
    -- An aggregate that every role may see, from whoever may see anything at all.
    and len($scope) > 0
