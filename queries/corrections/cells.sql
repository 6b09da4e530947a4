-- Which values of a territory's caisses are served for a year, and from which file each?
-- Grain: one row per caisse, indicator and month.
-- Parameter territory: text.
-- Parameter year: integer.
-- Hides by is_hidden: realised, numerator.
select
    provenance.caisse_code,
    provenance.indicator_code,
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
where
    provenance.year = $year
    and provenance.caisse_code in (select unnest($scope))
    and provenance.caisse_code in (
        select descendant_code
        from territory_bridge
        where ancestor_code = $territory
    )
order by provenance.caisse_code, provenance.indicator_code, provenance.month
