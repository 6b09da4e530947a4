-- How many professionals has each territory for its people?
-- Grain: one row per territory of the grain, in the country or in one region.
-- Parameter grain: departement|epci.
-- Parameter year: integer.
-- Parameter profession: text.
-- Parameter territory: text (optional).
-- Parameter practice: liberal|all|salaried (optional).
with

wanted as (

    select trim(regexp_replace(lower(strip_accents($profession)), '[^a-z0-9]+', ' ', 'g')) as name

)

select
    professional_counts.profession_code as profession,
    professional_counts.year,
    professional_counts.grain,
    professional_counts.territory_code,
    professional_counts.territory_name,
    professional_counts.department_code,
    professional_counts.region_code,
    professional_counts.headcount as professionals,
    professional_counts.fte,
    professional_counts.population,
    professional_counts.population_group,
    professional_counts.population_source,
    professional_counts.density_per_100000,
    professional_counts.profession_name,
    professional_counts.practice
from professional_counts
cross join wanted
left join profession_spellings
    on wanted.name = profession_spellings.spelling
inner join professional_territories
    on
        professional_counts.territory_code = professional_territories.territory_code
        and professional_counts.grain = professional_territories.grain
where
    professional_counts.grain = $grain
    and professional_counts.year = $year
    and professional_counts.profession_code
    = coalesce(profession_spellings.profession_code, replace(wanted.name, ' ', '_'))
    and coalesce($territory, 'FR')
    in ('FR', professional_counts.region_code, professional_counts.department_code)
    and case
        when $practice is null then professional_counts.is_usual_practice
        else professional_counts.practice = $practice
    end
    -- Counts of professionals are public: any person who may see something may see them all.
    and len($scope) > 0
order by professional_territories.sort_order
