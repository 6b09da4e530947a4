-- Which objectives of the year do a territory's caisses have, and from which file each?
-- Grain: one row per caisse and indicator.
-- Parameter territory: text.
-- Parameter year: integer.
select
    caisse_code,
    indicator_code,
    year,
    objective,
    sent_objective,
    extract_id,
    file_name,
    source_sheet,
    source_row,
    received_by,
    received_at,
    origin
from cpg_objectives
where
    year = $year
    and caisse_code in (select unnest($scope))
    and caisse_code in (
        select descendant_code
        from territory_bridge
        where ancestor_code = $territory
    )
order by caisse_code, indicator_code
