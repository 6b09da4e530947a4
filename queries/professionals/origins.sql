-- Which indices are made from demonstration counts, in whole or in part?
-- Grain: one row per profession, year and grain known for the country, by its usual practice.
with

cells as (

    select
        professional_published.year,
        professional_published.practice,
        professional_published.profession_code,
        case
            when professional_published.territory_code like 'EPCI-%' then 'epci'
            else 'departement'
        end as grain,
        max(case when extracts.origin = 'demonstration' then 1 else 0 end) as made_up
    from professional_published
    inner join extracts
        on
            professional_published.file_name = extracts.file_name
            and extracts.contract = 'professionals'
    where
        professional_published.headcount is not null
        and (
            professional_published.territory_code like 'DEP-%'
            or professional_published.territory_code like 'EPCI-%'
        )
    group by
        professional_published.year,
        professional_published.practice,
        professional_published.profession_code,
        case
            when professional_published.territory_code like 'EPCI-%' then 'epci'
            else 'departement'
        end

),

years as (

    select
        year,
        max(made_up) as made_up
    from cells
    group by year

)

select
    professional_gini.profession_code as profession,
    professional_gini.year,
    professional_gini.grain,
    -- Departments may be sums of EPCI, and an ensemble the sum of its professions: then whatever
    -- was sent for the year speaks.
    coalesce(own.made_up, epci.made_up, years.made_up, 0) = 1 as is_demonstration
from professional_gini
left join cells as own
    on
        professional_gini.year = own.year
        and professional_gini.practice = own.practice
        and professional_gini.profession_code = own.profession_code
        and professional_gini.grain = own.grain
left join cells as epci
    on
        professional_gini.year = epci.year
        and professional_gini.practice = epci.practice
        and professional_gini.profession_code = epci.profession_code
        and epci.grain = 'epci'
left join years
    on professional_gini.year = years.year
where
    professional_gini.territory_code = 'FR'
    and professional_gini.is_usual_practice
    -- Counts of professionals are public: any person who may see something may see them all.
    and len($scope) > 0
order by
    professional_gini.profession_code,
    professional_gini.year,
    professional_gini.grain
