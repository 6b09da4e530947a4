-- Which extracts each caisse's figures come from, the latest received last.
-- Grain: one row per contract, caisse (or department), year and extract that is still served.
with

served as (

    select
        'cpg' as contract,
        caisse_code,
        year,
        extract_id,
        month
    from cpg_provenance
    where caisse_code in (select unnest($scope))
    union all
    select
        'adhesions' as contract,
        caisse_code,
        year,
        extract_id,
        month
    from adhesions_provenance
    where caisse_code in (select unnest($scope))
    union all
    select
        'msap' as contract,
        territory_code as caisse_code,
        year,
        extract_id,
        month
    from msap_provenance
    where territory_code in (select unnest($scope))

)

select
    served.contract,
    served.caisse_code,
    served.year,
    served.extract_id,
    extracts.position,
    extracts.file_name,
    extracts.received_by,
    extracts.received_at,
    extracts.origin,
    min(served.month) as first_month,
    max(served.month) as last_month
from served
inner join extracts
    on served.extract_id = extracts.extract_id
group by
    served.contract,
    served.caisse_code,
    served.year,
    served.extract_id,
    extracts.position,
    extracts.file_name,
    extracts.received_by,
    extracts.received_at,
    extracts.origin
order by served.contract, served.caisse_code, extracts.position, served.year
