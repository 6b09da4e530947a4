-- Adhesions of each year by territory with their objective, and which of them are hidden.
-- Grain: one row per level, territory, programme, volet and year.
select
    years.programme,
    years.volet,
    years.level,
    years.territory_code,
    years.year,
    years.adhesions,
    years.new_in_care_gap,
    years.objective,
    coalesce(hidden.is_hidden, false) as is_hidden
from stg_adhesion_years as years
left join adhesion_hidden as hidden
    on
        years.programme = hidden.programme
        and years.volet = hidden.volet
        and years.territory_code = hidden.territory_code
        and years.year = hidden.year
        and hidden.month is null
order by years.programme, years.volet, years.level, years.territory_code, years.year
