-- What adhesions are to reach by the end of each month, as the board of the CPG judges them.
-- Grain: one row per level, territory, programme, volet and month. Where the board follows the
-- programme, every month of it; elsewhere December alone, by the objective that caisses sent.
-- `attainment` and `is_hidden` are the board's, on the last month that it judges.
with

followed as (

    select
        *,
        case
            when programme = 'prado' and volet = 'ensemble' then 'prado_adhesions'
            when programme = 'prado' then concat('prado_', volet, '_adhesions')
            when volet = 'ensemble' then concat(programme, '_adherents')
        end as indicator_code
    from stg_adhesion_years

)

select
    followed.programme,
    followed.volet,
    followed.level,
    followed.territory_code,
    followed.year,
    coalesce(months.month, cast(concat(followed.year, '-12-01') as date)) as month,
    board.territory_code is not null as is_on_board,
    coalesce(months.month = board.last_month, false) as is_judged,
    case
        when board.territory_code is null then followed.objective
        when months.month = board.last_month then board.objective_to_date
        else months.objective_to_date
    end as objective,
    case when months.month = board.last_month then board.attainment_to_date end as attainment,
    coalesce(months.month = board.last_month and board.is_hidden, false) as is_hidden
from followed
left join cpg_attainment as board
    on
        followed.level = board.level
        and followed.territory_code = board.territory_code
        and followed.year = board.year
        and followed.indicator_code = board.indicator_code
left join cpg_monthly as months
    on
        board.territory_code = months.territory_code
        and board.indicator_code = months.indicator_code
        and board.year = months.year
order by
    followed.programme, followed.volet, followed.level, followed.territory_code, month
