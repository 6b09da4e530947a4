-- Attainment of the CPG objectives, as the board shows it.
-- Grain: one row per year, level, territory and indicator; sorted for the board's filters.
select
    board.year,
    board.level,
    board.territory_code,
    territories.territory_name,
    territories.region_code,
    territories.drsm_code,
    territories.department_code,
    board.indicator_code,
    board.realised,
    board.numerator,
    board.denominator,
    board.objective,
    board.objective_to_date,
    board.attainment,
    board.attainment_to_date,
    board.status,
    board.is_open_year,
    board.last_month,
    board.is_provisional,
    cast(board.senders_expected as integer) as senders_expected,
    cast(board.senders_received as integer) as senders_received,
    cast(board.senders_silent as integer) as senders_silent,
    cast(hidden_years.territory_code is not null as boolean) as is_hidden
from stg_cpg_attainment as board
inner join territories
    on board.territory_code = territories.territory_code
inner join indicators
    on board.indicator_code = indicators.indicator_code
left join hidden_years
    on
        board.year = hidden_years.year
        and board.territory_code = hidden_years.territory_code
        and board.indicator_code = hidden_years.indicator_code
order by board.year, board.level, territories.sort_key, indicators.sort_order
