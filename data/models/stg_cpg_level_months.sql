-- Caisses' months rolled up to every territory of every level, by one join on the bridge.
-- Grain: one row per level, territory, indicator and month. A rate's objective is weighted by the
-- denominators; an objective counts only where its caisse has also sent a realised value.
with

caisses as (

    select
        months.caisse_code,
        months.indicator_code,
        months.year,
        months.month,
        months.realised,
        months.numerator,
        months.denominator,
        months.sent_month,
        months.is_whole_to_date,
        months.is_provisional,
        months.is_provisional_to_date,
        months.cumulated_realised,
        months.cumulated_numerator,
        months.cumulated_denominator,
        objectives.objective,
        objectives.objective * profile.usual_share as objective_to_date,
        indicators.aggregation_territory
    from stg_cpg_caisse_months as months
    inner join indicators
        on months.indicator_code = indicators.indicator_code
    inner join expected_senders
        on months.caisse_code = expected_senders.caisse_code
    left join stg_cpg_objectives as objectives
        on
            months.caisse_code = objectives.caisse_code
            and months.indicator_code = objectives.indicator_code
            and months.year = objectives.year
    left join stg_cpg_profile as profile
        on
            months.indicator_code = profile.indicator_code
            and months.year = profile.year
            and months.last_sent_month = profile.month
    where months.last_sent_month is not null

),

summed as (

    select
        rollup_paths.level,
        rollup_paths.territory_code,
        caisses.indicator_code,
        caisses.year,
        caisses.month,
        caisses.aggregation_territory,
        sum(caisses.realised) as realised_sum,
        sum(caisses.numerator) as numerator,
        sum(caisses.denominator) as denominator,
        sum(caisses.cumulated_realised) as cumulated_sum,
        sum(caisses.cumulated_numerator) as cumulated_numerator,
        sum(caisses.cumulated_denominator) as cumulated_denominator,
        sum(caisses.objective) as objective_sum,
        sum(caisses.objective_to_date) as objective_to_date_sum,
        sum(case when caisses.objective is not null then caisses.cumulated_realised end)
            as judged_sum,
        sum(case when caisses.objective is not null then caisses.cumulated_numerator end)
            as judged_numerator,
        sum(case when caisses.objective is not null then caisses.cumulated_denominator end)
            as judged_denominator,
        sum(caisses.objective * caisses.cumulated_denominator) as weighted_objective,
        max(case when caisses.is_provisional then 1 else 0 end) as provisional,
        max(case when caisses.is_provisional_to_date then 1 else 0 end) as provisional_to_date,
        count(caisses.sent_month) as senders_received,
        count(case when caisses.is_whole_to_date then caisses.sent_month end) as senders_whole
    from caisses
    inner join rollup_paths
        on caisses.caisse_code = rollup_paths.caisse_code
    where caisses.aggregation_territory <> 'not_additive' or rollup_paths.level = 'caisse'
    group by
        rollup_paths.level,
        rollup_paths.territory_code,
        caisses.indicator_code,
        caisses.year,
        caisses.month,
        caisses.aggregation_territory

)

select
    level,
    territory_code,
    indicator_code,
    year,
    month,
    senders_received,
    senders_whole,
    cumulated_numerator,
    cumulated_denominator,
    numerator,
    denominator,
    cast(provisional = 1 as boolean) as is_provisional,
    cast(provisional_to_date = 1 as boolean) as is_provisional_to_date,
    case
        when aggregation_territory = 'ratio_of_sums' and denominator > 0
            then numerator / denominator
        when aggregation_territory <> 'ratio_of_sums' then realised_sum
    end as realised,
    case
        when aggregation_territory = 'ratio_of_sums' and cumulated_denominator > 0
            then cumulated_numerator / cumulated_denominator
        when aggregation_territory <> 'ratio_of_sums' then cumulated_sum
    end as cumulated,
    case
        when aggregation_territory = 'ratio_of_sums' and judged_denominator > 0
            then judged_numerator / judged_denominator
        when aggregation_territory <> 'ratio_of_sums' then judged_sum
    end as judged,
    case
        when aggregation_territory = 'ratio_of_sums' and judged_denominator > 0
            then weighted_objective / judged_denominator
        when aggregation_territory <> 'ratio_of_sums' then objective_sum
    end as objective,
    case
        when aggregation_territory = 'ratio_of_sums' and judged_denominator > 0
            then weighted_objective / judged_denominator
        when aggregation_territory <> 'ratio_of_sums' then objective_to_date_sum
    end as objective_to_date
from summed
