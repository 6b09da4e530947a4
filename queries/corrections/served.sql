-- Which accepted corrections does the publication hold, and does each still apply?
-- Grain: one row per correction.
-- Parameter territory: text (optional).
-- Parameter indicator: text (optional).
-- Hides by is_hidden: old_value, sent_value, new_value, given_value, motive, source.
select
    correction_id,
    year,
    month,
    caisse_code,
    indicator_code,
    column_name,
    old_value,
    sent_value,
    new_value,
    given_value,
    state,
    motive,
    source,
    proposed_by,
    proposed_at,
    given_by_file,
    given_at,
    is_hidden
from cpg_corrections
where
    caisse_code in (select unnest($scope))
    and ($indicator is null or indicator_code = $indicator)
    and (
        $territory is null
        or caisse_code in (
            select descendant_code
            from territory_bridge
            where ancestor_code = $territory
        )
    )
order by correction_id desc
