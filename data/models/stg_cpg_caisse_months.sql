-- What each caisse had reached by each month of the year, carried on where it sent nothing.
-- Grain: one row per caisse of the CPG, indicator and month from January to the last month known.
-- Columns: own month's figures, cumulated ones (stock or running sums), last month sent so far.
with

months as (

    select
        last_months.indicator_code,
        last_months.year,
        calendar.month
    from stg_cpg_last_months as last_months
    inner join calendar
        on
            last_months.year = calendar.year
            and last_months.last_month >= calendar.month

),

senders as (

    select distinct
        caisse_code,
        indicator_code,
        year
    from stg_cpg_cells
    where realised is not null or denominator is not null

),

spine as (

    select
        senders.caisse_code,
        months.indicator_code,
        months.year,
        months.month
    from senders
    inner join months
        on
            senders.indicator_code = months.indicator_code
            and senders.year = months.year

),

filled as (

    select
        spine.caisse_code,
        spine.indicator_code,
        spine.year,
        spine.month,
        cells.realised,
        cells.numerator,
        cells.denominator,
        cells.provisional,
        case when cells.realised is not null or cells.denominator is not null then spine.month end
            as sent_month,
        indicators.aggregation_months
    from spine
    inner join indicators
        on spine.indicator_code = indicators.indicator_code
    left join stg_cpg_cells as cells
        on
            spine.caisse_code = cells.caisse_code
            and spine.indicator_code = cells.indicator_code
            and spine.month = cells.month

),

cumulated as (

    select
        caisse_code,
        indicator_code,
        year,
        month,
        realised,
        numerator,
        denominator,
        provisional,
        sent_month,
        aggregation_months,
        sum(realised) over running as running_realised,
        sum(numerator) over running as running_numerator,
        sum(denominator) over running as running_denominator,
        max(sent_month) over running as last_sent_month,
        count(sent_month) over running as sent_count,
        extract(month from month) as month_number,
        min(sent_month) over (
            partition by caisse_code, indicator_code
        ) as first_sent_month,
        max(case when provisional then 1 else 0 end) over running as running_provisional
    from filled
    window running as (
        partition by caisse_code, indicator_code, year
        order by month
        rows between unbounded preceding and current row
    )

)

select
    cumulated.caisse_code,
    cumulated.indicator_code,
    cumulated.year,
    cumulated.month,
    cumulated.realised,
    cumulated.numerator,
    cumulated.denominator,
    cumulated.sent_month,
    cumulated.last_sent_month,
    -- A flow with a month missing since the caisse began to send it is not whole.
    cast(
        cumulated.aggregation_months <> 'sum'
        or cumulated.sent_count
        >= cumulated.month_number - case
            when cumulated.year = extract(year from cumulated.first_sent_month)
                then extract(month from cumulated.first_sent_month) - 1
            else 0
        end as boolean
    ) as is_whole_to_date,
    coalesce(cumulated.provisional, false) as is_provisional,
    cast(cumulated.running_provisional = 1 as boolean) as is_provisional_to_date,
    case
        when cumulated.aggregation_months = 'last' then last_sent.realised
        else cumulated.running_realised
    end as cumulated_realised,
    case
        when cumulated.aggregation_months = 'last' then last_sent.numerator
        else cumulated.running_numerator
    end as cumulated_numerator,
    case
        when cumulated.aggregation_months = 'last' then last_sent.denominator
        else cumulated.running_denominator
    end as cumulated_denominator
from cumulated
left join stg_cpg_cells as last_sent
    on
        cumulated.caisse_code = last_sent.caisse_code
        and cumulated.indicator_code = last_sent.indicator_code
        and cumulated.last_sent_month = last_sent.month
