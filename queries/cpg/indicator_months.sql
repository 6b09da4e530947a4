-- The months of one objective in every territory of a level, with those of the three years before.
-- Grain: one row per territory and month.
-- Parameter level: caisse|departement|drsm|region|ancienne_region|national.
-- Parameter indicator: text.
-- Parameter year: integer.
-- Parameter within: text (optional).
-- Hides by is_cumulated_hidden: cumulated.
select
    months.territory_code,
    months.month,
    months.cumulated,
    months.objective_to_date,
    months.is_cumulated_hidden
from cpg_monthly as months
where
    months.year between $year - 3 and $year
    and months.level = $level
    and months.indicator_code = $indicator
    and months.territory_code in (select unnest($scope))
    and (
        $within is null
        or months.territory_code in (
            select descendant_code
            from territory_bridge
            where ancestor_code = $within
        )
    )
order by months.territory_code, months.month
