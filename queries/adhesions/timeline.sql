-- How do adhesions to a programme spread over the months, territory by territory?
-- Grain: one row per territory and month. `territory` alone, or all those of `level`.
-- Parameter programme: prado | sophia | sante_active | dmp.
-- Parameter level: caisse | departement | drsm | region | ancienne_region | national.
-- Parameter volet: text (optional).
-- Parameter territory: text (optional).
-- Hides by is_hidden: adhesions, new_in_care_gap.
select
    territory_code,
    month,
    year,
    adhesions,
    eligible,
    new_in_care_gap,
    caisses_received,
    is_hidden
from adhesions_monthly
where
    programme = $programme
    and volet = coalesce($volet, 'ensemble')
    and level = $level
    and ($territory is null or territory_code = $territory)
    and territory_code in (select unnest($scope))
order by territory_code, month
