-- How do adhesions spread over the territories of a level, month after month?
-- Grain: one row per territory of the level and month, each for the span that ends with it: since
-- January, the last twelve months, or the month alone. `held` is what is compared with the eligible
-- people and the objective: the span's adhesions for PRADO, all those so far for other programmes.
-- The figures of a month are those of `adhesions/by_territory` over the same span, hidden alike.
-- `growth` compares `held` with that of twelve months before, and is hidden where either is.
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
        yearly.objective,
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
        sum(months.objective / 12.0) as objective_sum,
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
        max(months.eligible) filter (where months.month = whole_spans.end_month) as eligible_last,
        max(months.objective) filter (
            where year(months.month) = year(whole_spans.end_month)
        ) as objective_last,
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

measured as (

    select
        of_span.territory_code,
        of_span.end_month as month,
        of_span.adhesions,
        so_far.caisses_received,
        case when $programme = 'prado' then of_span.adhesions else so_far.cumulated end as held,
        case when $programme = 'prado' then of_span.eligible_sum else so_far.eligible_last end
            as eligible,
        case when $programme = 'prado' then of_span.objective_sum else so_far.objective_last end
            as objective,
        of_span.is_hidden or ($programme <> 'prado' and so_far.is_hidden) as is_hidden
    from of_span
    inner join so_far
        on
            of_span.territory_code = so_far.territory_code
            and of_span.end_month = so_far.end_month

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
    measured.held / nullif(measured.eligible, 0) as coverage,
    measured.held / nullif(measured.objective, 0) as attainment,
    measured.held / nullif(former.held, 0) - 1 as growth
from measured
left join measured as former
    on
        measured.territory_code = former.territory_code
        and measured.month = former.month + interval 12 month
order by measured.territory_code, measured.month
