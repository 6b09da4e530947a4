-- The months behind each figure of the board.
-- Grain: one row per level, territory, indicator and month.
with

partly_hidden as (

    select distinct
        year,
        territory_code,
        indicator_code
    from hidden_months

)

select
    months.year,
    months.month,
    months.level,
    months.territory_code,
    months.indicator_code,
    months.realised,
    months.cumulated,
    months.objective,
    months.objective_to_date,
    months.is_provisional,
    board.senders_expected,
    cast(months.senders_received as integer) as senders_received,
    cast(hidden_months.territory_code is not null as boolean) as is_hidden,
    -- Two running totals in a row give the month between them away.
    cast(
        hidden_months.territory_code is not null
        or (board.is_hidden and months.month = board.last_month)
        or (partly_hidden.territory_code is not null and months.month < board.last_month)
        as boolean
    ) as is_cumulated_hidden,
    months.numerator,
    months.denominator
from stg_cpg_level_months as months
inner join cpg_attainment as board
    on
        months.year = board.year
        and months.territory_code = board.territory_code
        and months.indicator_code = board.indicator_code
left join hidden_months
    on
        months.month = hidden_months.month
        and months.territory_code = hidden_months.territory_code
        and months.indicator_code = hidden_months.indicator_code
left join partly_hidden
    on
        months.year = partly_hidden.year
        and months.territory_code = partly_hidden.territory_code
        and months.indicator_code = partly_hidden.indicator_code
order by months.year, months.level, months.territory_code, months.indicator_code, months.month
