-- The months of each establishment, for whoever has the right to small numbers.
-- Grain: one row per establishment, month and domain, `total` among them. Others are shown
-- `msap_periods` instead: every row is hidden from them.
select
    counted.year,
    counted.month,
    counted.finess,
    establishments.unit_code as territory_code,
    counted.domain,
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
    true as is_hidden
from stg_msap_establishment_months as counted
inner join stg_msap_establishments as establishments
    on
        counted.finess = establishments.finess
        and counted.year = establishments.year
order by counted.finess, counted.domain, counted.month
