-- Professionals by age class as sent, both sexes together; totals of all ages left out.
-- Grain: one row per grain, year, practice, profession, territory and age class.
with

ranked as (

    select
        raw_professionals.year,
        raw_professionals.practice,
        raw_professionals.profession_code,
        raw_professionals.territory_code,
        raw_professionals.age_class,
        raw_professionals.sex,
        raw_professionals.headcount,
        row_number() over (
            partition by
                raw_professionals.year,
                raw_professionals.practice,
                raw_professionals.profession_code,
                raw_professionals.territory_code,
                raw_professionals.age_class,
                raw_professionals.sex
            order by extracts.position desc, raw_professionals.source_row desc
        ) as recency
    from raw_professionals
    inner join extracts
        on raw_professionals.extract_id = extracts.extract_id
    where
        raw_professionals.age_class <> 'all'
        and raw_professionals.headcount is not null

),

classes as (

    select
        year,
        practice,
        profession_code,
        territory_code,
        age_class,
        coalesce(
            max(case when sex = 'all' then headcount end),
            sum(case when sex <> 'all' then headcount end)
        ) as headcount
    from ranked
    where recency = 1
    group by year, practice, profession_code, territory_code, age_class

)

select
    professional_territories.grain,
    classes.year,
    classes.practice,
    classes.profession_code,
    coalesce(
        professions.profession_name,
        concat(
            upper(substring(classes.profession_code, 1, 1)),
            replace(substring(classes.profession_code, 2), '_', ' ')
        )
    ) as profession_name,
    classes.territory_code,
    professional_territories.territory_name,
    professional_territories.department_code,
    professional_territories.region_code,
    classes.age_class,
    classes.headcount
from classes
inner join professional_territories
    on classes.territory_code = professional_territories.territory_code
left join professions
    on classes.profession_code = professions.profession_code
order by
    professional_territories.grain,
    classes.year,
    professions.sort_order,
    classes.profession_code,
    classes.practice,
    professional_territories.sort_order,
    classes.age_class
