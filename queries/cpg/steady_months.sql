-- The months of the caisses of a territory that sent every month, where some of them did not.
-- Grain: one row per indicator and month of the four years; none where every caisse sent them all,
-- where fewer than eight in ten did, or where the rest could be told from the territory's months.
-- Parameter territory: text.
-- Parameter year: integer.
-- Hides by is_hidden: realised, numerator, cumulated.
with

own_caisses as (

    select distinct descendant_code as caisse_code
    from territory_bridge
    where
        ancestor_code = $territory
        and descendant_level = 'caisse'
        and $territory in (select unnest($scope))

),

caisse_months as materialized (

    select
        months.territory_code as caisse_code,
        months.indicator_code,
        months.year,
        months.month,
        months.realised,
        months.numerator,
        months.denominator,
        months.cumulated,
        months.objective,
        months.objective_to_date,
        months.is_hidden,
        months.senders_received
    from cpg_monthly as months
    inner join own_caisses
        on months.territory_code = own_caisses.caisse_code
    where
        months.level = 'caisse'
        and months.year between $year - 3 and $year

),

own_months as (

    select
        indicator_code,
        month,
        is_hidden,
        senders_received
    from cpg_monthly
    where
        territory_code = $territory
        and year between $year - 3 and $year

),

known_months as (

    select
        indicator_code,
        count(*) as month_count
    from own_months
    where senders_received > 0
    group by indicator_code

),

caisses as (

    select
        sent.caisse_code,
        sent.indicator_code,
        cast(
            count(case when sent.senders_received > 0 then sent.month end)
            = max(known_months.month_count) as boolean
        ) as is_steady,
        cast(sent.caisse_code in (select unnest($scope)) as boolean) as is_seen
    from caisse_months as sent
    inner join known_months
        on sent.indicator_code = known_months.indicator_code
    group by sent.caisse_code, sent.indicator_code

),

-- What the territory sent less these months is what the others sent: of caisses that the person
-- sees one by one anyway, or of five at least, as everywhere a group is told.
told as (

    select
        indicator_code,
        count(*) as caisse_count,
        count(case when is_steady then caisse_code end) as steady_count
    from caisses
    group by indicator_code
    having
        count(case when is_steady then caisse_code end) < count(*)
        and count(case when is_steady then caisse_code end) >= 0.8 * count(*)
        and (
            count(case when not is_steady and not is_seen then caisse_code end) = 0
            or count(case when not is_steady then caisse_code end) >= 5
        )

),

summed as (

    select
        caisse_months.indicator_code,
        caisse_months.year,
        caisse_months.month,
        max(told.steady_count) as steady_count,
        max(told.caisse_count) as caisse_count,
        max(case when caisse_months.is_hidden and not caisses.is_steady then 1 else 0 end)
            as left_out_hidden,
        sum(case when caisses.is_steady then caisse_months.realised end) as realised_sum,
        sum(case when caisses.is_steady then caisse_months.cumulated end) as cumulated_sum,
        sum(case when caisses.is_steady then caisse_months.numerator end) as numerator,
        sum(case when caisses.is_steady then caisse_months.denominator end) as denominator,
        sum(case when caisses.is_steady then caisse_months.objective end) as objective_sum,
        sum(case when caisses.is_steady then caisse_months.objective_to_date end)
            as objective_to_date_sum,
        sum(
            case
                when caisses.is_steady then caisse_months.objective * caisse_months.denominator
            end
        ) as weighted_objective
    from caisse_months
    inner join caisses
        on
            caisse_months.caisse_code = caisses.caisse_code
            and caisse_months.indicator_code = caisses.indicator_code
    inner join told
        on caisse_months.indicator_code = told.indicator_code
    group by caisse_months.indicator_code, caisse_months.year, caisse_months.month

)

select
    $territory as territory_code,
    summed.indicator_code,
    summed.year,
    summed.month,
    case
        when indicators.aggregation_territory = 'ratio_of_sums'
            then summed.numerator / nullif(summed.denominator, 0)
        else summed.realised_sum
    end as realised,
    case
        when indicators.aggregation_territory <> 'ratio_of_sums' then summed.cumulated_sum
    end as cumulated,
    case
        when indicators.aggregation_territory = 'ratio_of_sums'
            then summed.weighted_objective / nullif(summed.denominator, 0)
        else summed.objective_sum
    end as objective,
    case
        when indicators.aggregation_territory <> 'ratio_of_sums' then summed.objective_to_date_sum
    end as objective_to_date,
    cast(summed.steady_count as integer) as senders_received,
    cast(summed.caisse_count as integer) as caisse_count,
    -- A small number of a caisse left out, or of the territory, could be worked back.
    cast(summed.left_out_hidden = 1 or own_months.is_hidden as boolean) as is_hidden,
    summed.numerator,
    summed.denominator
from summed
inner join indicators
    on summed.indicator_code = indicators.indicator_code
inner join own_months
    on
        summed.indicator_code = own_months.indicator_code
        and summed.month = own_months.month
where indicators.aggregation_territory <> 'not_additive'
order by summed.indicator_code, summed.month
