-- People of each territory by reference group, from the best source: sent, summed up from EPCI,
-- implied by a published density, else a share of the whole population or of the last census.
-- Grain: one row per grain, year, reference group and territory.
with

sent as (

    select
        raw_population.year,
        raw_population.territory_code,
        raw_population.population_group,
        raw_population.population,
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

),

summed as (

    select
        sent.year,
        professional_territories.department_code as territory_code,
        sent.population_group,
        sum(sent.population) as population
    from sent
    inner join professional_territories
        on sent.territory_code = professional_territories.territory_code
    where
        sent.recency = 1
        and professional_territories.grain = 'epci'
    group by sent.year, professional_territories.department_code, sent.population_group

),

implied as (

    select
        stg_professional_cells.year,
        stg_professional_cells.territory_code,
        professions.population_group,
        100000.0
        * stg_professional_cells.headcount
        / stg_professional_cells.own_density as population,
        -- The largest count has the least rounded density.
        row_number() over (
            partition by
                stg_professional_cells.year,
                stg_professional_cells.territory_code,
                professions.population_group
            order by
                stg_professional_cells.headcount desc,
                stg_professional_cells.practice asc,
                professions.sort_order asc
        ) as precision_rank
    from stg_professional_cells
    inner join professions
        on stg_professional_cells.profession_code = professions.profession_code
    where
        stg_professional_cells.headcount > 0
        and stg_professional_cells.own_density > 0

),

needed as (

    select distinct
        stg_professional_grains.grain,
        stg_professional_grains.year,
        coalesce(professions.population_group, 'all') as population_group
    from stg_professional_grains
    left join professions
        on stg_professional_grains.profession_code = professions.profession_code

),

known as (

    select
        territory_code,
        year,
        population_group,
        population,
        1 as preference,
        false as is_summed,
        'sent' as population_source
    from sent
    where recency = 1
    union all
    select
        territory_code,
        year,
        population_group,
        population,
        2 as preference,
        true as is_summed,
        'sent' as population_source
    from summed
    union all
    select
        territory_code,
        year,
        population_group,
        population,
        3 as preference,
        false as is_summed,
        'implied' as population_source
    from implied
    where precision_rank = 1

),

best as (

    select
        territory_code,
        year,
        population_group,
        population,
        population_source,
        is_summed,
        row_number() over (
            partition by territory_code, year, population_group
            order by preference
        ) as recency
    from known
    where population > 0

)

select
    needed.grain,
    needed.year,
    needed.population_group,
    professional_territories.territory_code,
    coalesce(
        own.population,
        everybody.population * population_groups.share_of_people,
        professional_territories.population * population_groups.share_of_people
    ) as population,
    case
        when own.population is not null then own.population_source
        when everybody.population is not null then 'estimated'
        else 'census'
    end as population_source,
    coalesce(own.is_summed, everybody.is_summed, false) as is_summed
from needed
inner join professional_territories
    on needed.grain = professional_territories.grain
inner join population_groups
    on needed.population_group = population_groups.population_group
left join best as own
    on
        professional_territories.territory_code = own.territory_code
        and needed.year = own.year
        and needed.population_group = own.population_group
        and own.recency = 1
left join best as everybody
    on
        professional_territories.territory_code = everybody.territory_code
        and needed.year = everybody.year
        and everybody.population_group = 'all'
        and everybody.recency = 1
