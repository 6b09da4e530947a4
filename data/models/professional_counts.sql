-- Professionals beside their people: what densities, the Lorenz curve and the index are made from.
-- Grain: one row per grain, year, practice, profession and territory.
with

ranked as (

    select
        *,
        case practice when 'liberal' then 1 when 'all' then 2 else 3 end as practice_rank
    from stg_professional_grains

)

select
    ranked.grain,
    ranked.year,
    ranked.practice,
    ranked.practice_rank
    = min(ranked.practice_rank) over (
        partition by ranked.grain, ranked.year, ranked.profession_code
    ) as is_usual_practice,
    ranked.profession_code,
    coalesce(
        professions.profession_name,
        concat(
            upper(substring(ranked.profession_code, 1, 1)),
            replace(substring(ranked.profession_code, 2), '_', ' ')
        )
    ) as profession_name,
    coalesce(professions.is_group, false) as is_group,
    ranked.territory_code,
    professional_territories.territory_name,
    professional_territories.department_code,
    professional_territories.region_code,
    ranked.headcount,
    ranked.fte,
    coalesce(professions.population_group, 'all') as population_group,
    stg_professional_population.population,
    stg_professional_population.population_source,
    100000.0 * ranked.headcount / stg_professional_population.population as density_per_100000,
    -- Years whose figures come from different sources are not compared.
    concat_ws(
        ', ',
        case when ranked.is_summed then 'counts of EPCI' else 'counts' end,
        case
            when stg_professional_population.is_summed then 'people of EPCI' else 'people'
        end,
        stg_professional_population.population_source
    ) as sources
from ranked
inner join professional_territories
    on
        ranked.territory_code = professional_territories.territory_code
        and ranked.grain = professional_territories.grain
left join professions
    on ranked.profession_code = professions.profession_code
inner join stg_professional_population
    on
        ranked.grain = stg_professional_population.grain
        and ranked.year = stg_professional_population.year
        and ranked.territory_code = stg_professional_population.territory_code
        and coalesce(professions.population_group, 'all')
        = stg_professional_population.population_group
order by
    ranked.grain,
    ranked.year,
    professions.sort_order,
    ranked.profession_code,
    ranked.practice,
    professional_territories.sort_order
