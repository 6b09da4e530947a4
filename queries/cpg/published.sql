-- Attainment as published, never recomputed, for the territories of a level.
-- Grain: one row per published territory and indicator.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national.
-- Parameter year: integer.
select
    territory_code,
    territory_name,
    level,
    year,
    indicator_code,
    realised,
    objective,
    attainment,
    status,
    file_name,
    source_row
from cpg_published
where
    year = $year
    and level = $level
    -- Published figures are public: any person who may see something may see them all.
    and len($scope) > 0
