-- What each caisse has sent of a year, month by month, by the three contracts that caisses send.
-- Grain: one row per contract, caisse (or department, where an establishment's is unknown), month.
-- Items are codes joined by spaces: indicators; programme:volet; the requests of the MSAP.
-- Parameter year: integer.
with

sent as (

    select
        'cpg' as contract,
        caisse_code,
        month,
        indicator_code as item,
        provisional as is_provisional
    from cpg_provenance
    where
        year = $year
        and (realised is not null or denominator is not null)
        and caisse_code in (select unnest($scope))
    union all
    select
        'adhesions' as contract,
        caisse_code,
        month,
        programme || ':' || volet as item,
        false as is_provisional
    from adhesions_provenance
    where
        year = $year
        and caisse_code in (select unnest($scope))
    union all
    select distinct
        'msap' as contract,
        territory_code as caisse_code,
        month,
        'demandes' as item,
        false as is_provisional
    from msap_provenance
    where
        year = $year
        and territory_code in (select unnest($scope))

)

select
    contract,
    caisse_code,
    month,
    string_agg(item, ' ' order by item) as items,
    string_agg(case when is_provisional then item end, ' ' order by item) as provisional_items
from sent
group by contract, caisse_code, month
order by contract, caisse_code, month
