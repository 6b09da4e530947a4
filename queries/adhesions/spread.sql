-- How do adhesions spread over the territories of a level, month after month?
-- Grain: one row per territory of the level and month, each for the span that ends with it: since
-- January, the last twelve months, or the month alone; a late caisse has its row too. `held` is
-- what is compared with the eligible people and the objective: the span's adhesions for PRADO, all
-- those so far for other programmes.
-- The figures of a month are those of `adhesions/by_territory` over the same span, hidden alike.
-- `growth` compares `held` with that of twelve months before, and is hidden where either is. Where
-- caisses did not send the same months in both years it is not `is_growth_comparable`, and null.
-- Parameter programme: prado | sophia | sante_active | dmp.
-- Parameter level: caisse | departement | drsm | region | ancienne_region | national.
-- Parameter span: annee | douze | mois.
-- Parameter volet: text (optional).
-- Hides by is_hidden: adhesions, held, coverage, attainment.
-- Hides by is_growth_hidden: growth.
with

known as (

    select
        month,
        year
    from adhesions_monthly
    where
        programme = $programme
        and volet = coalesce($volet, 'ensemble')
        and level = 'national'

),

years as (

    select
        year,
        min(month) as first_month,
        max(month) as last_month
    from known
    group by year

),

spans as (

    select
        month as end_month,
        cast(
            case $span
                when 'annee' then date_trunc('year', month)
                when 'douze' then month - interval 11 month
                else month
            end as date
        ) as start_month
    from known

),

-- Twelve months are twelve: the first of a programme have no such span.
whole_spans as (

    select
        end_month,
        start_month
    from spans
    where $span <> 'douze' or start_month >= (select min(month) from known)

),

months as (

    select
        monthly.territory_code,
        monthly.month,
        monthly.adhesions,
        monthly.eligible,
        monthly.caisses_received,
        monthly.is_hidden,
        yearly.is_hidden as is_year_hidden,
        years.first_month as year_start,
        years.last_month as year_end
    from adhesions_monthly as monthly
    inner join adhesions_yearly as yearly
        on
            monthly.programme = yearly.programme
            and monthly.volet = yearly.volet
            and monthly.territory_code = yearly.territory_code
            and monthly.year = yearly.year
    inner join years
        on monthly.year = years.year
    where
        monthly.programme = $programme
        and monthly.volet = coalesce($volet, 'ensemble')
        and monthly.level = $level
        and monthly.territory_code in (select unnest($scope))

),

of_span as (

    select
        months.territory_code,
        whole_spans.end_month,
        sum(months.adhesions) as adhesions,
        sum(months.eligible) as eligible_sum,
        bool_or(
            case
                when
                    months.year_start >= whole_spans.start_month
                    and months.year_end <= whole_spans.end_month
                    then months.is_year_hidden
                else months.is_hidden
            end
        ) as is_hidden
    from months
    inner join whole_spans
        on months.month between whole_spans.start_month and whole_spans.end_month
    group by months.territory_code, whole_spans.end_month

),

so_far as (

    select
        months.territory_code,
        whole_spans.end_month,
        sum(months.adhesions) as cumulated,
        max(months.caisses_received) filter (
            where months.month = whole_spans.end_month
        ) as caisses_received,
        bool_or(
            case
                when months.year_end <= whole_spans.end_month then months.is_year_hidden
                else months.is_hidden
            end
        ) as is_hidden
    from months
    inner join whole_spans
        on months.month <= whole_spans.end_month
    group by months.territory_code, whole_spans.end_month

),

paths as (

    select distinct
        descendant_code,
        ancestor_code
    from territory_bridge

),

-- An objective of patients who are followed is a level: that of the last year from its start.
span_years as (

    select
        whole_spans.end_month,
        years.year,
        least(years.last_month, whole_spans.end_month) as year_end,
        case
            when $programme = 'prado' and whole_spans.start_month > years.first_month
                then whole_spans.start_month - interval 1 month
        end as month_before
    from whole_spans
    inner join years
        on
            (
                $programme = 'prado'
                and whole_spans.end_month >= years.first_month
                and whole_spans.start_month <= years.last_month
            )
            or ($programme <> 'prado' and year(whole_spans.end_month) = years.year)

),

year_objectives as (

    select
        yearly.territory_code,
        span_years.end_month,
        span_years.month_before is null and reached.is_judged as is_of_board,
        reached.is_hidden,
        reached.attainment,
        case
            when span_years.month_before is null then reached.objective
            when reached.is_on_board then reached.objective - coalesce(former.objective, 0)
        end as objective
    from adhesions_yearly as yearly
    inner join span_years
        on yearly.year = span_years.year
    left join adhesions_objectives as reached
        on
            yearly.programme = reached.programme
            and yearly.volet = reached.volet
            and yearly.territory_code = reached.territory_code
            and span_years.year_end = reached.month
    left join adhesions_objectives as former
        on
            yearly.programme = former.programme
            and yearly.volet = former.volet
            and yearly.territory_code = former.territory_code
            and span_years.month_before = former.month
    where
        yearly.programme = $programme
        and yearly.volet = coalesce($volet, 'ensemble')
        and yearly.level = $level

),

objectives as (

    select
        territory_code,
        end_month,
        coalesce(bool_and(is_of_board), false) and count(*) = 1 as is_of_board,
        coalesce(bool_or(is_of_board and is_hidden), false) as is_hidden,
        max(attainment) as attainment,
        case when count(objective) = count(*) then sum(objective) end as objective
    from year_objectives
    group by territory_code, end_month

),

-- Whether each caisse sent each month from its first one, and the month twelve months before.
sent_months as (

    select
        territory_code,
        month
    from adhesions_monthly
    where
        programme = $programme
        and volet = coalesce($volet, 'ensemble')
        and level = 'caisse'

),

senders as (

    select
        territory_code,
        min(month) as first_sent
    from sent_months
    group by territory_code

),

caisse_months as (

    select
        senders.territory_code,
        senders.first_sent,
        known.month,
        now.month is not null as is_sent,
        former.month is not null as was_sent
    from senders
    cross join known
    left join sent_months as now
        on
            senders.territory_code = now.territory_code
            and known.month = now.month
    left join sent_months as former
        on
            senders.territory_code = former.territory_code
            and known.month = former.month + interval 12 month

),

unlike as (

    select distinct
        paths.ancestor_code as territory_code,
        whole_spans.end_month
    from caisse_months
    inner join whole_spans
        on
            (
                $programme = 'prado'
                and caisse_months.is_sent <> caisse_months.was_sent
                and caisse_months.month
                between whole_spans.start_month and whole_spans.end_month
            )
            or (
                $programme <> 'prado'
                and not caisse_months.is_sent
                and caisse_months.first_sent <= whole_spans.end_month
                and caisse_months.month
                between whole_spans.end_month - interval 12 month and whole_spans.end_month
            )
    inner join paths
        on caisse_months.territory_code = paths.descendant_code

),

measured as (

    select
        so_far.territory_code,
        so_far.end_month as month,
        of_span.adhesions,
        so_far.caisses_received,
        objectives.objective,
        objectives.is_of_board,
        objectives.attainment,
        case when $programme = 'prado' then of_span.adhesions else so_far.cumulated end as held,
        case when $programme = 'prado' then of_span.eligible_sum else told.eligible end
            as eligible,
        coalesce(of_span.is_hidden, false)
        or ($programme <> 'prado' and so_far.is_hidden)
        or coalesce(objectives.is_hidden, false) as is_hidden
    from so_far
    left join of_span
        on
            so_far.territory_code = of_span.territory_code
            and so_far.end_month = of_span.end_month
    left join adhesions_eligible as told
        on
            so_far.territory_code = told.territory_code
            and so_far.end_month = told.month
            and told.programme = $programme
            and told.volet = coalesce($volet, 'ensemble')
    left join objectives
        on
            so_far.territory_code = objectives.territory_code
            and so_far.end_month = objectives.end_month

)

select
    measured.territory_code,
    measured.month,
    cast(measured.adhesions as bigint) as adhesions,
    cast(measured.held as bigint) as held,
    cast(measured.eligible as bigint) as eligible,
    measured.objective,
    cast(coalesce(measured.caisses_received, 0) as integer) as caisses_received,
    measured.is_hidden,
    measured.is_hidden or coalesce(former.is_hidden, false) as is_growth_hidden,
    unlike.territory_code is null or former.territory_code is null as is_growth_comparable,
    measured.held / nullif(measured.eligible, 0) as coverage,
    case
        when measured.is_of_board then measured.attainment
        else measured.held / nullif(measured.objective, 0)
    end as attainment,
    case
        when unlike.territory_code is null
            then measured.held / nullif(former.held, 0) - 1
    end as growth
from measured
left join measured as former
    on
        measured.territory_code = former.territory_code
        and measured.month = former.month + interval 12 month
left join unlike
    on
        measured.territory_code = unlike.territory_code
        and measured.month = unlike.end_month
order by measured.territory_code, measured.month
