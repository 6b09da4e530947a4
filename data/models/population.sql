-- Population as sent, by reference group; totals among the rows are kept, never summed up.
-- Grain: one row per year, territory and group; the latest extract wins.
with

ranked as (

    select
        raw_population.year,
        raw_population.territory_code,
        raw_population.population_group,
        raw_population.population,
        extracts.file_name,
        raw_population.source_row,
        row_number() over (
            partition by
                raw_population.year,
                raw_population.territory_code,
                raw_population.population_group
            order by extracts.position desc, raw_population.source_row desc
        ) as recency
    from raw_population
    inner join extracts
        on raw_population.extract_id = extracts.extract_id

)

select
    year,
    territory_code,
    population_group,
    population,
    file_name,
    source_row
from ranked
where recency = 1
order by year, population_group, territory_code
