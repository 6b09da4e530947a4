-- Which files hold the adhesions of a territory in a year, and on which lines?
-- Grain: one row per caisse of the territory, file and sheet.
-- Parameter programme: prado | sophia | sante_active | dmp.
-- Parameter territory: text.
-- Parameter year: integer.
select
    provenance.caisse_code,
    caisses.territory_name as caisse_name,
    provenance.extract_id,
    provenance.file_name,
    provenance.source_sheet,
    extracts.received_by,
    extracts.received_at,
    extracts.origin,
    min(provenance.source_row) as first_row,
    max(provenance.source_row) as last_row,
    count(*) as row_count,
    min(provenance.month) as first_month,
    max(provenance.month) as last_month
from adhesions_provenance as provenance
inner join territory_bridge as bridge
    on
        provenance.caisse_code = bridge.descendant_code
        and bridge.ancestor_code = $territory
inner join territories as caisses
    on provenance.caisse_code = caisses.territory_code
inner join extracts
    on provenance.extract_id = extracts.extract_id
where
    provenance.programme = $programme
    and provenance.year = $year
    and provenance.caisse_code in (select unnest($scope))
    -- Several hierarchies lead from a caisse to the same territory: one of them is enough.
    and bridge.hierarchy = (
        select min(one.hierarchy)
        from territory_bridge as one
        where one.descendant_code = provenance.caisse_code and one.ancestor_code = $territory
    )
group by
    provenance.caisse_code,
    caisses.territory_name,
    caisses.sort_key,
    provenance.extract_id,
    provenance.file_name,
    provenance.source_sheet,
    extracts.received_by,
    extracts.received_at,
    extracts.origin
order by caisses.sort_key, extracts.received_at, provenance.file_name
