-- Professionals of the territories that are counted on, totals of zones left out.
-- An ensemble is the sum of its professions where all of them are known there, else as sent.
-- Grain: one row per year, practice, profession and department or EPCI.
with

own as (

    select
        year,
        practice,
        profession_code,
        territory_code,
        headcount,
        fte
    from stg_professional_cells
    where
        headcount is not null
        and (territory_code like 'DEP-%' or territory_code like 'EPCI-%')

),

summed as (

    select
        own.year,
        own.practice,
        profession_parts.group_code as profession_code,
        own.territory_code,
        sum(own.headcount) as headcount,
        sum(own.fte) as fte
    from own
    inner join profession_parts
        on own.profession_code = profession_parts.profession_code
    group by
        own.year,
        own.practice,
        profession_parts.group_code,
        profession_parts.part_count,
        own.territory_code
    having count(*) = profession_parts.part_count

)

select
    year,
    practice,
    profession_code,
    territory_code,
    headcount,
    fte
from summed
union all
select
    own.year,
    own.practice,
    own.profession_code,
    own.territory_code,
    own.headcount,
    own.fte
from own
left join summed
    on
        own.year = summed.year
        and own.practice = summed.practice
        and own.profession_code = summed.profession_code
        and own.territory_code = summed.territory_code
where summed.territory_code is null
