-- Professionals by grain: departments as sent or, where none was, summed up from their EPCI.
-- Grain: one row per grain, year, practice, profession and territory.
with

sent_departments as (

    select distinct
        year,
        practice,
        profession_code
    from stg_professional_counts
    where territory_code like 'DEP-%'

)

select
    professional_territories.grain,
    stg_professional_counts.year,
    stg_professional_counts.practice,
    stg_professional_counts.profession_code,
    stg_professional_counts.territory_code,
    stg_professional_counts.headcount,
    stg_professional_counts.fte,
    false as is_summed
from stg_professional_counts
inner join professional_territories
    on stg_professional_counts.territory_code = professional_territories.territory_code
union all
select
    'departement' as grain,
    stg_professional_counts.year,
    stg_professional_counts.practice,
    stg_professional_counts.profession_code,
    professional_territories.department_code as territory_code,
    sum(stg_professional_counts.headcount) as headcount,
    sum(stg_professional_counts.fte) as fte,
    true as is_summed
from stg_professional_counts
inner join professional_territories
    on stg_professional_counts.territory_code = professional_territories.territory_code
left join sent_departments
    on
        stg_professional_counts.year = sent_departments.year
        and stg_professional_counts.practice = sent_departments.practice
        and stg_professional_counts.profession_code = sent_departments.profession_code
where
    professional_territories.grain = 'epci'
    and sent_departments.year is null
group by
    stg_professional_counts.year,
    stg_professional_counts.practice,
    stg_professional_counts.profession_code,
    professional_territories.department_code
