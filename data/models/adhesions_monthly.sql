-- Adhesions of each month by territory, and which of them are small or would give one away.
-- Grain: one row per level, territory, programme, volet and month.
select
    months.programme,
    months.volet,
    months.level,
    months.territory_code,
    months.year,
    months.month,
    months.adhesions,
    months.eligible,
    months.new_in_care_gap,
    months.caisses_received,
    coalesce(hidden.is_hidden, false) as is_hidden
from stg_adhesion_months as months
left join adhesion_hidden as hidden
    on
        months.programme = hidden.programme
        and months.volet = hidden.volet
        and months.territory_code = hidden.territory_code
        and months.month = hidden.month
order by months.programme, months.volet, months.level, months.territory_code, months.month
