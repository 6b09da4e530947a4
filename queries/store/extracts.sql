-- The extracts that this publication is made of, with how many cells each still gives.
-- Grain: one row per extract that holds something the person may see.
with

visible as (

    select
        extract_id,
        sum(cell_count) as cell_count,
        count(*) as caisse_count,
        min(first_month) as first_month,
        max(last_month) as last_month
    from cpg_extract_caisses
    where caisse_code in (select unnest($scope))
    group by extract_id

)

select
    extracts.extract_id,
    extracts.contract,
    extracts.file_name,
    extracts.origin,
    extracts.replaces,
    extracts.received_by,
    extracts.received_at,
    extracts.row_count,
    extracts.sha256,
    extracts.sheet,
    cast(visible.cell_count as bigint) as cell_count,
    visible.caisse_count,
    visible.first_month,
    visible.last_month
from extracts
left join visible
    on extracts.extract_id = visible.extract_id
where extracts.contract <> 'cpg' or visible.extract_id is not null
order by extracts.position
