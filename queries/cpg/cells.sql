-- What the caisses have sent of a year, cell by cell.
-- Grain: one row per caisse, indicator and month. Only columns that the builds of former versions
-- have too.
-- Parameter year: integer.
-- Parameter within: text (optional).
-- Hides by is_hidden: realised, numerator.
select
    caisse_code,
    indicator_code,
    month,
    realised,
    numerator,
    denominator,
    objective,
    provisional,
    is_hidden
from cpg_provenance
where
    year = $year
    and caisse_code in (select unnest($scope))
    and (
        $within is null
        or caisse_code in (
            select descendant_code
            from territory_bridge
            where ancestor_code = $within
        )
    )
