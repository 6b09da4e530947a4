-- Attainment of the CPG objectives, as the board shows it, each territory with its rank.
-- Grain: one row per year, level, territory and indicator; sorted for the board's filters.
with

judged as (

    select
        board.year,
        board.level,
        board.territory_code,
        board.indicator_code,
        cast(hidden_years.territory_code is not null as boolean) as is_hidden,
        -- The ratio of two ratios may differ in its last digit where both say the same.
        case
            when board.level <> 'national' and hidden_years.territory_code is null
                then round(board.attainment_to_date, 9)
        end as compared
    from stg_cpg_attainment as board
    left join hidden_years
        on
            board.year = hidden_years.year
            and board.territory_code = hidden_years.territory_code
            and board.indicator_code = hidden_years.indicator_code

),

-- Hidden figures have no rank and count in nobody's: a rank would bound them by their neighbours'.
ranked as (

    select
        year,
        territory_code,
        indicator_code,
        is_hidden,
        case
            when compared is not null
                then rank() over (
                    partition by year, level, indicator_code
                    order by compared desc nulls last
                )
        end as peer_rank,
        count(compared) over (partition by year, level, indicator_code) as peer_count
    from judged

)

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
    board.last_sent_month,
    board.is_provisional,
    cast(board.senders_expected as integer) as senders_expected,
    cast(board.senders_received as integer) as senders_received,
    cast(board.senders_silent as integer) as senders_silent,
    ranked.is_hidden,
    cast(ranked.peer_rank as integer) as peer_rank,
    cast(ranked.peer_count as integer) as peer_count
from stg_cpg_attainment as board
inner join territories
    on board.territory_code = territories.territory_code
inner join indicators
    on board.indicator_code = indicators.indicator_code
inner join ranked
    on
        board.year = ranked.year
        and board.territory_code = ranked.territory_code
        and board.indicator_code = ranked.indicator_code
order by board.year, board.level, territories.sort_key, indicators.sort_order
