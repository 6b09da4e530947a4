-- Where one figure comes from: file, sheet, row, person and day of each of its cells.
-- Grain: one row per caisse under the territory and month.
-- Parameter territory: text.
-- Parameter indicator: text.
-- Parameter year: integer.
-- Hides by is_hidden: realised, numerator.
select
    provenance.caisse_code,
    territories.territory_name as caisse_name,
    provenance.year,
    provenance.month,
    provenance.realised,
    provenance.numerator,
    provenance.denominator,
    provenance.objective,
    provenance.provisional,
    provenance.extract_id,
    provenance.file_name,
    provenance.source_sheet,
    provenance.source_row,
    provenance.received_by,
    provenance.received_at,
    provenance.origin,
    provenance.is_hidden
from cpg_provenance as provenance
inner join territories
    on provenance.caisse_code = territories.territory_code
where
    provenance.year = $year
    and provenance.indicator_code = $indicator
    and provenance.caisse_code in (select unnest($scope))
    and provenance.caisse_code in (
        select descendant_code
        from territory_bridge
        where ancestor_code = $territory
    )
order by territories.sort_key, provenance.month
