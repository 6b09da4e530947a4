-- Professionals as sent: classes of age and sex brought together, totals among the rows kept.
-- Grain: one row per year, practice, profession and zone; the latest extract wins.
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
        raw_professionals.fte,
        raw_professionals.published_density,
        -- A list of densities takes no count back.
        raw_professionals.headcount is null
        and raw_professionals.published_density is not null as is_density_alone,
        extracts.file_name,
        raw_professionals.source_row,
        row_number() over (
            partition by
                raw_professionals.year,
                raw_professionals.practice,
                raw_professionals.profession_code,
                raw_professionals.territory_code,
                raw_professionals.age_class,
                raw_professionals.sex,
                raw_professionals.headcount is null
                and raw_professionals.published_density is not null
            order by extracts.position desc, raw_professionals.source_row desc
        ) as recency
    from raw_professionals
    inner join extracts
        on raw_professionals.extract_id = extracts.extract_id

)

select
    year,
    practice,
    profession_code,
    territory_code,
    coalesce(
        max(case when age_class = 'all' and sex = 'all' then headcount end),
        sum(case when age_class <> 'all' and sex = 'all' then headcount end),
        sum(case when age_class = 'all' and sex <> 'all' then headcount end),
        sum(case when age_class <> 'all' and sex <> 'all' then headcount end)
    ) as headcount,
    coalesce(
        max(case when age_class = 'all' and sex = 'all' then fte end),
        sum(case when age_class <> 'all' and sex = 'all' then fte end),
        sum(case when age_class = 'all' and sex <> 'all' then fte end),
        sum(case when age_class <> 'all' and sex <> 'all' then fte end)
    ) as fte,
    max(case when age_class = 'all' and sex = 'all' then published_density end)
        as published_density,
    -- The density printed beside this very count, which tells the people it was divided by.
    max(
        case
            when age_class = 'all' and sex = 'all' and not is_density_alone
                then published_density
        end
    ) as own_density,
    coalesce(
        max(case when not is_density_alone then file_name end), max(file_name)
    ) as file_name,
    coalesce(
        min(case when not is_density_alone then source_row end), min(source_row)
    ) as source_row
from ranked
where recency = 1
group by year, practice, profession_code, territory_code
