-- The board before small numbers are hidden: every territory × indicator of a year, sent or not.
-- Grain: one row per year, level, territory and indicator.
with

year_indicators as (

    select distinct
        year,
        indicator_code
    from stg_cpg_cells

),

expected as (

    select
        territories.level,
        territories.territory_code,
        count(expected_senders.caisse_code) as senders_expected
    from territories
    left join rollup_paths
        on territories.territory_code = rollup_paths.territory_code
    left join expected_senders
        on rollup_paths.caisse_code = expected_senders.caisse_code
    group by territories.level, territories.territory_code

),

latest as (

    select
        months.level,
        months.territory_code,
        months.indicator_code,
        months.year,
        months.month,
        months.senders_whole,
        months.cumulated,
        months.cumulated_numerator,
        months.cumulated_denominator,
        months.judged,
        months.objective,
        months.objective_to_date,
        months.is_provisional_to_date
    from stg_cpg_level_months as months
    inner join stg_cpg_last_months as last_months
        on
            months.indicator_code = last_months.indicator_code
            and months.year = last_months.year
            and months.month = last_months.last_month

),

present as (

    select
        rollup_paths.territory_code,
        months.indicator_code,
        months.year,
        count(distinct months.caisse_code) as senders_present,
        max(months.sent_month) as last_sent_month
    from stg_cpg_caisse_months as months
    inner join rollup_paths
        on months.caisse_code = rollup_paths.caisse_code
    inner join expected_senders
        on months.caisse_code = expected_senders.caisse_code
    where months.sent_month is not null
    group by rollup_paths.territory_code, months.indicator_code, months.year

),

promised as (

    select
        rollup_paths.territory_code,
        objectives.indicator_code,
        objectives.year,
        sum(case when indicators.aggregation_territory = 'sum' then objectives.objective end)
            as objective_of_all
    from stg_cpg_objectives as objectives
    inner join indicators
        on objectives.indicator_code = indicators.indicator_code
    inner join rollup_paths
        on objectives.caisse_code = rollup_paths.caisse_code
    group by rollup_paths.territory_code, objectives.indicator_code, objectives.year

),

board as (

    select
        year_indicators.year,
        expected.level,
        expected.territory_code,
        year_indicators.indicator_code,
        indicators.better,
        latest.cumulated as realised,
        latest.cumulated_numerator as numerator,
        latest.cumulated_denominator as denominator,
        latest.judged,
        latest.month as last_month,
        present.last_sent_month,
        expected.senders_expected,
        coalesce(latest.objective, promised.objective_of_all) as objective,
        case when years.is_open_year then latest.objective_to_date else latest.objective end
            as objective_to_date,
        coalesce(years.is_open_year, false) as is_open_year,
        coalesce(latest.is_provisional_to_date, false) as is_provisional,
        coalesce(latest.senders_whole, 0) as senders_received,
        expected.senders_expected - coalesce(present.senders_present, 0) as senders_silent
    from year_indicators
    cross join expected
    inner join indicators
        on year_indicators.indicator_code = indicators.indicator_code
    left join stg_cpg_years as years
        on year_indicators.year = years.year
    left join latest
        on
            expected.level = latest.level
            and expected.territory_code = latest.territory_code
            and year_indicators.indicator_code = latest.indicator_code
            and year_indicators.year = latest.year
    left join present
        on
            expected.territory_code = present.territory_code
            and year_indicators.indicator_code = present.indicator_code
            and year_indicators.year = present.year
    left join promised
        on
            expected.territory_code = promised.territory_code
            and year_indicators.indicator_code = promised.indicator_code
            and year_indicators.year = promised.year

),

judged as (

    select
        year,
        level,
        territory_code,
        indicator_code,
        realised,
        numerator,
        denominator,
        objective,
        objective_to_date,
        is_open_year,
        last_month,
        last_sent_month,
        is_provisional,
        senders_expected,
        senders_received,
        senders_silent,
        case
            when better = 'higher' and objective > 0 then judged / objective
            when better = 'lower' and objective > 0 and judged > 0 then objective / judged
        end as attainment,
        case
            when better = 'higher' and objective_to_date > 0 then judged / objective_to_date
            when better = 'lower' and objective_to_date > 0 and judged > 0
                then objective_to_date / judged
        end as attainment_to_date
    from board

)

select
    judged.year,
    judged.level,
    judged.territory_code,
    judged.indicator_code,
    judged.realised,
    judged.numerator,
    judged.denominator,
    judged.objective,
    judged.objective_to_date,
    judged.attainment,
    judged.attainment_to_date,
    judged.is_open_year,
    judged.last_month,
    judged.last_sent_month,
    judged.is_provisional,
    judged.senders_expected,
    judged.senders_received,
    judged.senders_silent,
    case
        when judged.attainment_to_date is null then 'not_applicable'
        when judged.attainment_to_date >= thresholds.attained then 'attained'
        when judged.attainment_to_date >= thresholds.close then 'close'
        else 'behind'
    end as status
from judged
cross join thresholds
