-- How old are the professionals of an area?
-- Grain: one row per age class of the profession and year, over the territories of a grain.
-- Parameter year: integer.
-- Parameter profession: text.
-- Parameter territory: text (optional).
-- Parameter grain: departement|epci (optional).
-- Parameter practice: liberal|all|salaried (optional).
with

wanted as (

    select trim(regexp_replace(lower(strip_accents($profession)), '[^a-z0-9]+', ' ', 'g')) as name

),

counted as (

    select
        professional_ages.*,
        dense_rank() over (
            order by
                case professional_ages.grain when 'departement' then 1 else 2 end,
                case professional_ages.practice when 'liberal' then 1 when 'all' then 2 else 3 end
        ) as preference
    from professional_ages
    cross join wanted
    left join profession_spellings
        on wanted.name = profession_spellings.spelling
    where
        professional_ages.year = $year
        and professional_ages.profession_code
        = coalesce(profession_spellings.profession_code, replace(wanted.name, ' ', '_'))
        and professional_ages.grain = coalesce($grain, professional_ages.grain)
        and professional_ages.practice = coalesce($practice, professional_ages.practice)
        and coalesce($territory, 'FR')
        in (
            'FR',
            professional_ages.region_code,
            professional_ages.department_code,
            professional_ages.territory_code
        )
        -- Counts of professionals are public: any person who may see something may see them all.
        and len($scope) > 0

)

select
    profession_code as profession,
    year,
    grain,
    replace(replace(age_class, '_', ' '), ' a ', ' à ') as age_class,
    sum(headcount) as professionals,
    sum(headcount) / sum(sum(headcount)) over () as share,
    count(*) as territories,
    profession_name,
    practice
from counted
where preference = 1
group by profession_code, year, grain, age_class, profession_name, practice
-- Classes begin with an age, those below the first one with a word.
order by age_class not like 'moins%', age_class
