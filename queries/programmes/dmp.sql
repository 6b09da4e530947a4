-- How many shared medical records (DMP) are open at a date, and how many for 1 000 inhabitants?
-- Grain: one row per territory and date.
-- Hides by is_hidden: cumulated, of_which_year, per_1000.
select
    dmp.territory_code,
    territories.territory_name,
    territories.level,
    dmp.counted_on,
    dmp.cumulated,
    dmp.of_which_year,
    territories.population,
    dmp.note,
    dmp.is_published,
    dmp.is_hidden,
    dmp.file_name,
    dmp.source_row,
    1000.0 * dmp.cumulated / nullif(territories.population, 0) as per_1000
from dmp
inner join territories
    on dmp.territory_code = territories.territory_code
where
    -- Published figures are public: any person who may see something may see them all.
    (dmp.is_published and len($scope) > 0)
    or dmp.territory_code in (select unnest($scope))
order by dmp.counted_on, territories.sort_key
