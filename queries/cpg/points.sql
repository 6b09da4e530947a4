-- What each indicator weighs in the CPG's score, for the territories of a level and a year.
-- Grain: one row per territory and indicator; nothing where no contract of the year is known.
-- A caisse's own line replaces the line of every caisse (FR); a DRSM has its own contract alone;
-- a wider territory takes the mean of its caisses, no points unless all their contracts are known.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national.
-- Parameter year: integer.
-- Parameter within: text (optional).
with

known as (

    select
        territory_code,
        indicator_code,
        points,
        file_name
    from cpg_points
    where year = $year

),

asked as (

    select
        territory_code,
        level
    from territories
    where
        level = $level
        and territory_code in (select unnest($scope))
        and (
            $within is null
            or territory_code in (
                select descendant_code
                from territory_bridge
                where ancestor_code = $within
            )
        )

),

members as (

    select
        asked.territory_code,
        caisses.territory_code as caisse_code,
        count(*) over (partition by asked.territory_code) as caisses_expected
    from asked
    inner join territory_bridge as bridge
        on
            asked.territory_code = bridge.ancestor_code
            and bridge.descendant_level = 'caisse'
            and bridge.hierarchy = case
                when asked.level = 'ancienne_region' then 'historique' else 'regionale'
            end
    inner join territories as caisses
        on
            bridge.descendant_code = caisses.territory_code
            and caisses.has_cpg
    where asked.level <> 'drsm'

),

contract_lines as (

    select
        members.territory_code,
        members.caisse_code,
        members.caisses_expected,
        known.indicator_code,
        known.points,
        known.file_name
    from members
    inner join known
        on known.territory_code in ('FR', members.caisse_code)
    qualify row_number() over (
        partition by members.territory_code, members.caisse_code, known.indicator_code
        order by case when known.territory_code = 'FR' then 1 else 0 end
    ) = 1

),

contracts as (

    select
        territory_code,
        count(distinct caisse_code) as caisses_with_points
    from contract_lines
    group by territory_code

),

of_caisses as (

    select
        lines.territory_code,
        lines.indicator_code,
        sum(lines.points) as points,
        min(lines.points) <> max(lines.points)
        or count(*) < any_value(contracts.caisses_with_points) as is_average,
        any_value(contracts.caisses_with_points) as caisses_with_points,
        any_value(lines.caisses_expected) as caisses_expected,
        string_agg(distinct lines.file_name, ' / ' order by lines.file_name) as file_name
    from contract_lines as lines
    inner join contracts
        on lines.territory_code = contracts.territory_code
    group by lines.territory_code, lines.indicator_code

),

of_drsm as (

    select
        known.territory_code,
        known.indicator_code,
        known.points,
        known.file_name
    from known
    inner join asked
        on
            known.territory_code = asked.territory_code
            and asked.level = 'drsm'

)

select
    territory_code,
    cast($year as integer) as year,
    indicator_code,
    -- A contract without the indicator gives it no point: the mean is over all contracts.
    case
        when caisses_with_points = caisses_expected then points / caisses_expected
    end as points,
    is_average,
    caisses_with_points,
    caisses_expected,
    file_name
from of_caisses
union all
select
    territory_code,
    cast($year as integer) as year,
    indicator_code,
    points,
    false as is_average,
    cast(null as bigint) as caisses_with_points,
    cast(null as bigint) as caisses_expected,
    file_name
from of_drsm
order by territory_code, indicator_code
