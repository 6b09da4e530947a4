-- A year's counts in every territory, by procedure.
-- Grain: one row per year, level, territory and item (domain and procedure).
select
    items.year,
    paths.level,
    paths.territory_code,
    items.item_id,
    count(distinct items.finess) as establishments,
    sum(items.requests) as requests,
    sum(items.approvals) as approvals,
    sum(items.refusals) as refusals,
    sum(items.pending) as pending,
    sum(items.emergencies_excluded) as emergencies_excluded,
    sum(items.stays) as stays,
    sum(items.answered_within_48h) as answered_within_48h,
    sum(items.decided) as decided,
    sum(items.decided_approvals) as decided_approvals,
    sum(items.incomplete_rows) as incomplete_rows
from stg_msap_items as items
inner join stg_msap_establishments as establishments
    on
        items.finess = establishments.finess
        and items.year = establishments.year
inner join stg_msap_paths as paths
    on establishments.unit_code = paths.unit_code
group by items.year, paths.level, paths.territory_code, items.item_id
