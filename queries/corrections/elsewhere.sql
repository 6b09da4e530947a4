-- Of which months of a territory's figure were values corrected for caisses that are not seen?
-- Grain: one row per month and column: how many corrections apply. Neither caisse nor value.
-- Parameter territory: text.
-- Parameter indicator: text.
select
    month,
    column_name,
    count(*) as correction_count
from cpg_corrections
where
    state = 'applied'
    and indicator_code = $indicator
    and $territory in (select unnest($scope))
    and caisse_code not in (select unnest($scope))
    and caisse_code in (
        select descendant_code
        from territory_bridge
        where ancestor_code = $territory
    )
group by month, column_name
order by month, column_name
