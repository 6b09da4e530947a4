-- What each establishment was in a year, as its latest row of the year says, and where it stands.
-- Grain: one row per establishment and year. `unit_code` is the finest territory known: the caisse
-- where the extract names it or its department has only one, else the department.
with

ranked as (

    select
        raw_msap.finess,
        raw_msap.year,
        raw_msap.establishment_name,
        raw_msap.status,
        raw_msap.category,
        raw_msap.territory_code,
        (
            (
                cast(extract(year from raw_msap.month) as bigint) * 12
                + extract(month from raw_msap.month)
            ) * 10000
            + live_extracts.position
        ) * 1000000000 + raw_msap.source_row as recency
    from raw_msap
    inner join live_extracts
        on raw_msap.extract_id = live_extracts.extract_id

),

latest as (

    select
        finess,
        year,
        max_by(establishment_name, recency) as establishment_name,
        max_by(status, recency) as status,
        max_by(category, recency) as category,
        max_by(territory_code, recency) as territory_code
    from ranked
    group by finess, year

),

only_caisses as (

    select
        department_code,
        min(territory_code) as caisse_code
    from territories
    where level = 'caisse'
    group by department_code
    having count(*) = 1

)

select
    latest.finess,
    latest.year,
    latest.establishment_name,
    latest.status,
    latest.category,
    case
        when named.level = 'caisse' then named.territory_code
        else coalesce(only_caisses.caisse_code, named.territory_code)
    end as unit_code,
    case
        when named.level = 'caisse' then named.territory_code else only_caisses.caisse_code
    end as caisse_code,
    named.department_code,
    named.region_code,
    named.drsm_code
from latest
inner join territories as named
    on latest.territory_code = named.territory_code
left join only_caisses
    on named.department_code = only_caisses.department_code
