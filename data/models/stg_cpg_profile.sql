-- The usual share of the year reached by each month, from the three former years that are complete.
-- Grain: one row per indicator, year and month. Rates: the objective holds all year (share 1).
-- Without a former year: months / 12 for flows, 1 for stocks. A year in which a month of the whole
-- counted 1 to 10 patients is left out, here and for what is hidden with it: the objective to date
-- would give that month away.
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

flows as (

    select
        indicator_code,
        year,
        reached - lag(reached, 1, 0) over (
            partition by indicator_code, year
            order by month_number
        ) as realised
    from reached

),

too_small as (

    select
        flows.indicator_code,
        flows.year,
        any_value(indicators.area) as area
    from flows
    inner join indicators
        on flows.indicator_code = indicators.indicator_code
    where
        indicators.counts_patients
        and indicators.aggregation_months = 'sum'
        and flows.realised between 1 and (select largest_small from hiding)
    group by flows.indicator_code, flows.year

),

-- The next smallest of the area, hidden with it, would give it away by a subtraction.
beside as (

    select
        whole.indicator_code,
        whole.year,
        row_number() over (
            partition by indicators.area, whole.year
            order by whole.reached, whole.indicator_code
        ) as place
    from reached as whole
    inner join indicators
        on whole.indicator_code = indicators.indicator_code
    left join too_small
        on
            whole.indicator_code = too_small.indicator_code
            and whole.year = too_small.year
    where
        whole.month_number = 12
        and whole.reached > 0
        and too_small.year is null
        and indicators.counts_patients
        and indicators.aggregation_months = 'sum'
        and exists (
            select 1
            from too_small as small
            where
                small.area = indicators.area
                and small.year = whole.year
        )

),

left_out as (

    select
        indicator_code,
        year
    from too_small
    union all
    select
        indicator_code,
        year
    from beside
    where place = 1

),

telling as (

    select
        reached.indicator_code,
        reached.year,
        reached.month_number,
        reached.reached
    from reached
    left join left_out
        on
            reached.indicator_code = left_out.indicator_code
            and reached.year = left_out.year
    where left_out.year is null

),

shares as (

    select
        last_months.indicator_code,
        last_months.year,
        telling.month_number,
        sum(telling.reached) as reached,
        sum(whole.reached) as whole
    from stg_cpg_last_months as last_months
    inner join telling
        on
            last_months.indicator_code = telling.indicator_code
            and last_months.year > telling.year
            and telling.year >= last_months.year - 3
    inner join telling as whole
        on
            telling.indicator_code = whole.indicator_code
            and telling.year = whole.year
            and whole.month_number = 12
    group by last_months.indicator_code, last_months.year, telling.month_number

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
