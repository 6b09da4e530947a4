-- Which share of the people is vaccinated, by vaccine, year and department, as published?
-- Grain: one row per year, territory and vaccine. Published rates without their counts: no total.
-- Parameter year: integer (optional).
-- Parameter territory: text (optional).
-- Parameter vaccine: text (optional).
select
    vaccination_rates.year,
    vaccination_rates.territory_code,
    territories.territory_name,
    vaccination_rates.vaccine_code,
    vaccination_rates.file_name,
    vaccination_rates.source_row,
    vaccination_rates.rate_pct / 100 as rate
from vaccination_rates
left join territories
    on vaccination_rates.territory_code = territories.territory_code
where
    ($year is null or vaccination_rates.year = $year)
    and ($territory is null or vaccination_rates.territory_code = $territory)
    and ($vaccine is null or vaccination_rates.vaccine_code = $vaccine)
    -- Public figures: any person who may see something may see them all.
    and len($scope) > 0
order by
    vaccination_rates.vaccine_order,
    vaccination_rates.year,
    territories.sort_key,
    vaccination_rates.territory_code
