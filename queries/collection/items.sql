-- What is sent at all: what may be expected of a caisse follows from what any caisse sends.
-- Grain: one row per contract, item and year of which anybody sent something.
-- scope: none
with

sent as (

    select
        'cpg' as contract,
        indicator_code as item,
        year,
        month
    from cpg_provenance
    where realised is not null or denominator is not null
    union all
    select
        'adhesions' as contract,
        programme || ':' || volet as item,
        year,
        month
    from adhesions_provenance
    union all
    select
        'msap' as contract,
        'demandes' as item,
        year,
        month
    from msap_provenance

)

select
    contract,
    item,
    year,
    min(month) as first_month,
    max(month) as last_month,
    count(distinct month) as month_count
from sent
group by contract, item, year
order by contract, item, year
