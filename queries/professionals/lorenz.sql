-- Which share of the professionals do the least served territories have, for their share of people?
-- Grain: one row per territory of the grain, from the least to the best served; shares cumulated.
-- Parameter grain: departement|epci.
-- Parameter year: integer.
-- Parameter profession: text.
-- Parameter territory: text (optional).
-- Parameter practice: liberal|all|salaried (optional).
with

wanted as (

    select trim(regexp_replace(lower(strip_accents($profession)), '[^a-z0-9]+', ' ', 'g')) as name

),

counted as (

    select
        professional_counts.profession_code,
        professional_counts.year,
        professional_counts.grain,
        professional_counts.practice,
        professional_counts.territory_code,
        professional_counts.territory_name,
        professional_counts.region_code,
        professional_counts.headcount,
        professional_counts.population,
        professional_counts.density_per_100000,
        row_number() over (
            order by professional_counts.density_per_100000, professional_counts.territory_code
        ) as density_rank
    from professional_counts
    cross join wanted
    left join profession_spellings
        on wanted.name = profession_spellings.spelling
    where
        professional_counts.grain = $grain
        and professional_counts.year = $year
        and professional_counts.profession_code
        = coalesce(profession_spellings.profession_code, replace(wanted.name, ' ', '_'))
        and coalesce($territory, 'FR') in ('FR', professional_counts.region_code)
        and case
            when $practice is null then professional_counts.is_usual_practice
            else professional_counts.practice = $practice
        end
        -- Counts of professionals are public: any person who may see something may see them all.
        and len($scope) > 0

)

select
    profession_code as profession,
    year,
    grain,
    density_rank,
    territory_code,
    territory_name,
    region_code,
    headcount as professionals,
    population,
    density_per_100000,
    sum(population) over (order by density_rank) / sum(population) over () as population_share,
    sum(headcount) over (order by density_rank) / sum(headcount) over () as professional_share,
    practice
from counted
order by density_rank
