-- The usual share of the year reached by each month, from the three former years that are complete.
-- Grain: one row per indicator, year and month. Rates: the objective holds all year (share 1).
-- Without a former year: months / 12 for flows, 1 for stocks.
with

complete as (

    select
        caisse_code,
        indicator_code,
        year
    from stg_cpg_caisse_months
    where sent_month is not null
    group by caisse_code, indicator_code, year
    having count(*) = 12

),

reached as (

    select
        months.indicator_code,
        months.year,
        extract(month from months.month) as month_number,
        sum(months.cumulated_realised) as reached
    from stg_cpg_caisse_months as months
    inner join complete
        on
            months.caisse_code = complete.caisse_code
            and months.indicator_code = complete.indicator_code
            and months.year = complete.year
    group by months.indicator_code, months.year, extract(month from months.month)

),

shares as (

    select
        last_months.indicator_code,
        last_months.year,
        reached.month_number,
        sum(reached.reached) as reached,
        sum(whole.reached) as whole
    from stg_cpg_last_months as last_months
    inner join reached
        on
            last_months.indicator_code = reached.indicator_code
            and last_months.year > reached.year
            and reached.year >= last_months.year - 3
    inner join reached as whole
        on
            reached.indicator_code = whole.indicator_code
            and reached.year = whole.year
            and whole.month_number = 12
    group by last_months.indicator_code, last_months.year, reached.month_number

)

select
    last_months.indicator_code,
    last_months.year,
    calendar.month,
    case
        when indicators.aggregation_months = 'ratio_of_sums' then 1.0
        when extract(month from calendar.month) = 12 then 1.0
        when shares.whole > 0 then shares.reached / shares.whole
        when indicators.aggregation_months = 'sum'
            then cast(extract(month from calendar.month) as double) / 12.0
        else 1.0
    end as usual_share,
    coalesce(shares.whole > 0, false) as has_history
from stg_cpg_last_months as last_months
inner join calendar
    on last_months.year = calendar.year
inner join indicators
    on last_months.indicator_code = indicators.indicator_code
left join shares
    on
        last_months.indicator_code = shares.indicator_code
        and last_months.year = shares.year
        and extract(month from calendar.month) = shares.month_number
