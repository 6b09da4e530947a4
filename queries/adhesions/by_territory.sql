-- Where do people join a programme, against how many eligible and which objective?
-- Grain: one row per territory of the level. `adhesions` are those from the first month asked to
-- the last, `cumulated` all of them to the last. PRADO: these adhesions against the eligible people
-- of the months asked. Other programmes: all that is cumulated against the eligible people that
-- each caisse told last. The objective is the one that the board of the CPG judges by: to date,
-- between two months the difference. What is on no board is judged over whole years alone.
-- A span is made of whole years and of single months: it is hidden where one of them is.
-- `population` is that of the departments that have sent: what the adhesions are to be divided by.
-- Parameter programme: prado | sophia | sante_active | dmp.
-- Parameter level: caisse | departement | drsm | region | ancienne_region | national.
-- Parameter volet: text (optional).
-- Parameter from: text (optional).
-- Parameter to: text (optional).
-- Hides by is_hidden: adhesions, coverage, attainment, new_in_care_gap, care_gap_share.
-- Hides by is_cumulated_hidden: cumulated.
with

span as (

    select
        coalesce(cast($from || '-01' as date), date '1900-01-01') as first_month,
        coalesce(cast($to || '-01' as date), date '9999-12-01') as last_month

),

months as (

    select
        adhesions_monthly.*,
        adhesions_monthly.month >= span.first_month as is_asked,
        span.first_month,
        span.last_month
    from adhesions_monthly
    cross join span
    where
        adhesions_monthly.programme = $programme
        and adhesions_monthly.volet = coalesce($volet, 'ensemble')
        and adhesions_monthly.month <= span.last_month

),

years as (

    select
        known.year,
        min(known.month) as first_month,
        max(known.month) as last_month,
        min(known.month) >= any_value(span.first_month)
        and max(known.month) <= any_value(span.last_month) as is_whole,
        max(known.month) <= any_value(span.last_month) as is_whole_to_date
    from adhesions_monthly as known
    cross join span
    where
        known.programme = $programme
        and known.volet = coalesce($volet, 'ensemble')
        and known.level = 'national'
    group by known.year

),

last_known as (

    select
        max(month) as month,
        max(year) as year
    from months
    where level = 'national'

),

paths as (

    select distinct
        descendant_code,
        ancestor_code
    from territory_bridge

),

population_of_senders as (

    select
        paths.ancestor_code as territory_code,
        sum(departments.population) as population
    from territories as departments
    inner join paths
        on departments.territory_code = paths.descendant_code
    where
        departments.level = 'departement'
        and departments.territory_code in (select months.territory_code from months)
    group by paths.ancestor_code

),

summed as (

    select
        months.territory_code,
        cast(sum(months.adhesions) filter (where months.is_asked) as bigint) as adhesions,
        cast(sum(months.adhesions) as bigint) as cumulated,
        cast(sum(months.new_in_care_gap) filter (where months.is_asked) as bigint)
            as new_in_care_gap,
        sum(months.adhesions) filter (
            where months.is_asked and months.new_in_care_gap is not null
        ) as judged_on_care_gap,
        sum(months.eligible) filter (where months.is_asked) as eligible_sum,
        max(months.caisses_received) filter (where months.month = last_known.month)
            as caisses_received,
        coalesce(
            bool_or(case when years.is_whole then yearly.is_hidden else months.is_hidden end)
            filter (where months.is_asked),
            false
        ) as is_hidden,
        bool_or(
            case when years.is_whole_to_date then yearly.is_hidden else months.is_hidden end
        ) as is_cumulated_hidden
    from months
    inner join adhesions_yearly as yearly
        on
            months.programme = yearly.programme
            and months.volet = yearly.volet
            and months.territory_code = yearly.territory_code
            and months.year = yearly.year
    inner join years
        on months.year = years.year
    cross join last_known
    where
        months.level = $level
        and months.territory_code in (select unnest($scope))
    group by months.territory_code

),

-- An objective of patients who are followed is a level: that of the last year from its start.
asked_years as (

    select
        years.year,
        least(years.last_month, span.last_month) as end_month,
        case
            when $programme = 'prado' and span.first_month > years.first_month
                then span.first_month - interval 1 month
        end as month_before
    from years
    cross join span
    cross join last_known
    where
        years.first_month <= span.last_month
        and (
            ($programme = 'prado' and years.last_month >= span.first_month)
            or ($programme <> 'prado' and years.year = last_known.year)
        )

),

year_objectives as (

    select
        yearly.territory_code,
        asked_years.month_before is null and reached.is_judged as is_of_board,
        reached.is_hidden,
        reached.attainment,
        case
            when asked_years.month_before is null then reached.objective
            when reached.is_on_board then reached.objective - coalesce(former.objective, 0)
        end as objective
    from adhesions_yearly as yearly
    inner join asked_years
        on yearly.year = asked_years.year
    left join adhesions_objectives as reached
        on
            yearly.programme = reached.programme
            and yearly.volet = reached.volet
            and yearly.territory_code = reached.territory_code
            and asked_years.end_month = reached.month
    left join adhesions_objectives as former
        on
            yearly.programme = former.programme
            and yearly.volet = former.volet
            and yearly.territory_code = former.territory_code
            and asked_years.month_before = former.month
    where
        yearly.programme = $programme
        and yearly.volet = coalesce($volet, 'ensemble')
        and yearly.level = $level

),

objectives as (

    select
        territory_code,
        coalesce(bool_and(is_of_board), false) and count(*) = 1 as is_of_board,
        coalesce(bool_or(is_of_board and is_hidden), false) as is_hidden,
        max(attainment) as attainment,
        case when count(objective) = count(*) then sum(objective) end as objective
    from year_objectives
    group by territory_code

),

measured as (

    select
        summed.* exclude (is_hidden),
        objectives.objective,
        objectives.is_of_board,
        objectives.attainment,
        summed.is_hidden or coalesce(objectives.is_hidden, false) as is_hidden,
        case when $programme = 'prado' then summed.adhesions else summed.cumulated end as held,
        case
            when $programme = 'prado' then summed.eligible_sum else told.eligible
        end as eligible
    from summed
    cross join last_known
    left join adhesions_eligible as told
        on
            summed.territory_code = told.territory_code
            and last_known.month = told.month
            and told.programme = $programme
            and told.volet = coalesce($volet, 'ensemble')
    left join objectives
        on summed.territory_code = objectives.territory_code

)

select
    measured.territory_code,
    territories.territory_name,
    territories.department_code,
    territories.region_code,
    measured.adhesions,
    measured.cumulated,
    cast(measured.eligible as bigint) as eligible,
    measured.objective,
    measured.new_in_care_gap,
    cast(coalesce(measured.caisses_received, 0) as integer) as caisses_received,
    coalesce(population_of_senders.population, territories.population) as population,
    measured.is_hidden or (measured.is_cumulated_hidden and $programme <> 'prado') as is_hidden,
    measured.is_cumulated_hidden,
    measured.held / nullif(measured.eligible, 0) as coverage,
    case
        when measured.is_of_board then measured.attainment
        else measured.held / nullif(measured.objective, 0)
    end as attainment,
    measured.new_in_care_gap / nullif(measured.judged_on_care_gap, 0) as care_gap_share
from measured
inner join territories
    on measured.territory_code = territories.territory_code
left join population_of_senders
    on measured.territory_code = population_of_senders.territory_code
order by territories.sort_key
