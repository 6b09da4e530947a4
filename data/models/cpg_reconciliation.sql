-- What was published beside the roll-up of what caisses sent: to the rounding, or not.
-- Grain: one row per published territory, year and indicator. `from_published_rates` is what the
-- rates of the level below allow for an aggregate: nothing, since the objectives behind them are
-- not published.
select
    published.year,
    published.level,
    published.territory_code,
    published.territory_name,
    published.indicator_code,
    published.realised as published_realised,
    published.attainment as published_attainment,
    board.realised as computed_realised,
    board.objective as computed_objective,
    board.attainment as computed_attainment,
    board.senders_expected,
    board.senders_received,
    board.attainment - published.attainment as attainment_difference,
    board.realised - published.realised as realised_difference,
    published.file_name,
    published.source_row,
    coalesce(board.is_hidden, false) as is_hidden,
    case when published.level = 'national' then 'not_recomputable' end as from_published_rates,
    case
        when board.attainment is null then 'not_computable'
        when
            round(board.attainment, 2) = round(published.attainment, 2)
            and coalesce(board.realised - published.realised, 0) = 0
            then 'equal'
        else 'different'
    end as verdict
from cpg_published as published
inner join indicators
    on published.indicator_code = indicators.indicator_code
inner join territories
    on published.territory_code = territories.territory_code
left join cpg_attainment as board
    on
        published.year = board.year
        and published.territory_code = board.territory_code
        and published.indicator_code = board.indicator_code
order by published.year, published.level, territories.sort_key, indicators.sort_order
