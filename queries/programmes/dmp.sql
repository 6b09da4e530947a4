-- How many shared medical records (DMP) are open at a date, and how many for 1 000 inhabitants?
-- Grain: one row per territory and date.
-- The inhabitants are those of the departments whose caisses send their records, as in
-- `adhesions/by_territory`: the country's rate is then one, with Mayotte or without it.
-- Hides by is_hidden: cumulated, of_which_year, per_1000.
with

paths as (

    select distinct
        descendant_code,
        ancestor_code
    from territory_bridge

),

of_senders as (

    select
        paths.ancestor_code as territory_code,
        sum(departments.population) as population
    from territories as departments
    inner join paths
        on departments.territory_code = paths.descendant_code
    where
        departments.level = 'departement'
        and departments.territory_code in (
            select adhesions_monthly.territory_code
            from adhesions_monthly
            where adhesions_monthly.programme = 'dmp'
        )
    group by paths.ancestor_code

)

select
    dmp.territory_code,
    territories.territory_name,
    territories.level,
    dmp.counted_on,
    dmp.cumulated,
    dmp.of_which_year,
    coalesce(of_senders.population, territories.population) as population,
    dmp.note,
    dmp.is_published,
    dmp.is_hidden,
    dmp.file_name,
    dmp.source_row,
    1000.0 * dmp.cumulated
    / nullif(coalesce(of_senders.population, territories.population), 0) as per_1000
from dmp
inner join territories
    on dmp.territory_code = territories.territory_code
left join of_senders
    on dmp.territory_code = of_senders.territory_code
where
    -- Published figures are public: any person who may see something may see them all.
    (dmp.is_published and len($scope) > 0)
    or dmp.territory_code in (select unnest($scope))
order by dmp.counted_on, territories.sort_key
