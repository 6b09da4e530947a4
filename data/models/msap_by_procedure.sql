-- A year's MSAP counts in every territory, by procedure.
-- Grain: one row per year, level, territory, domain and procedure. A procedure outside the
-- referential (`is_known` false) bears the text that was sent.
select
    counted.year,
    counted.level,
    counted.territory_code,
    territories.territory_name,
    msap_items.domain,
    msap_items.procedure_code,
    msap_items.procedure_name,
    msap_items.is_known,
    counted.establishments,
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
from stg_msap_procedures as counted
inner join msap_items
    on counted.item_id = msap_items.item_id
inner join territories
    on counted.territory_code = territories.territory_code
inner join msap_hidden as hidden
    on
        hidden.kind = 'procedure'
        and counted.year = hidden.year
        and counted.territory_code = hidden.place
        and msap_items.domain = hidden.domain
        and cast(counted.item_id as varchar) = hidden.item
order by
    counted.year,
    counted.level,
    counted.territory_code,
    msap_items.domain,
    msap_items.procedure_code
