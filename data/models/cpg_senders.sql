-- Who has sent what: months received against months known of anyone.
-- Grain: one row per year and caisse of the CPG.
with

years as (

    select
        year,
        last_month,
        extract(month from last_month) as months_expected
    from stg_cpg_years

),

received as (

    select
        year,
        caisse_code,
        max(month) as last_month,
        count(distinct month) as months_received,
        max(case when provisional then 1 else 0 end) as provisional,
        count(distinct indicator_code) as indicators_received
    from stg_cpg_cells
    where realised is not null or denominator is not null
    group by year, caisse_code

)

select
    years.year,
    expected_senders.caisse_code,
    territories.territory_name as caisse_name,
    territories.department_code,
    territories.region_code,
    territories.drsm_code,
    cast(years.months_expected as integer) as months_expected,
    cast(coalesce(received.months_received, 0) as integer) as months_received,
    cast(years.months_expected - coalesce(received.months_received, 0) as integer)
        as missing_months,
    cast(coalesce(received.indicators_received, 0) as integer) as indicators_received,
    received.last_month,
    years.last_month as expected_month,
    cast(coalesce(received.provisional, 0) = 1 as boolean) as is_provisional,
    cast(received.caisse_code is null as boolean) as is_silent
from years
cross join expected_senders
inner join territories
    on expected_senders.caisse_code = territories.territory_code
left join received
    on
        years.year = received.year
        and expected_senders.caisse_code = received.caisse_code
order by years.year, territories.sort_key
