-- A year's MSAP counts of each establishment, by procedure.
-- Grain: one row per year, establishment, domain and procedure.
select
    counted.year,
    counted.finess,
    establishments.unit_code as territory_code,
    msap_items.domain,
    msap_items.procedure_code,
    msap_items.procedure_name,
    msap_items.is_known,
    cast(counted.requests as bigint) as requests,
    cast(counted.approvals as bigint) as approvals,
    cast(counted.refusals as bigint) as refusals,
    cast(counted.pending as bigint) as pending,
    cast(counted.emergencies_excluded as bigint) as emergencies_excluded,
    cast(counted.stays as bigint) as stays,
    cast(counted.answered_within_48h as bigint) as answered_within_48h,
    cast(counted.decided as bigint) as decided,
    cast(counted.decided_approvals as bigint) as decided_approvals,
    cast(counted.incomplete_rows as bigint) as incomplete_rows,
    case
        when counted.decided > 0 then counted.decided_approvals / cast(counted.decided as double)
    end as approval_rate,
    hidden.is_requests_hidden,
    hidden.is_decisions_hidden,
    hidden.is_parts_hidden,
    hidden.is_answers_hidden,
    hidden.is_stays_hidden,
    hidden.is_emergencies_hidden,
    cast(hidden.is_requests_hidden or hidden.is_decisions_hidden as boolean) as is_hidden
from stg_msap_items as counted
inner join msap_items
    on counted.item_id = msap_items.item_id
inner join stg_msap_establishments as establishments
    on
        counted.finess = establishments.finess
        and counted.year = establishments.year
inner join msap_hidden as hidden
    on
        hidden.kind = 'establishment_procedure'
        and counted.year = hidden.year
        and counted.finess = hidden.place
        and msap_items.domain = hidden.domain
        and cast(counted.item_id as varchar) = hidden.item
order by counted.year, counted.finess, msap_items.domain, msap_items.procedure_code
