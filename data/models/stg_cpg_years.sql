-- What is known of each year: its last month, and whether it is still open.
-- Grain: one row per year. A year closes when half of its senders have sent December, or when a
-- later year has begun for half as many senders: one early file does not close it.
with

senders as (

    select
        year,
        caisse_code,
        max(month) as last_month
    from stg_cpg_cells
    where realised is not null or denominator is not null
    group by year, caisse_code

),

years as (

    select
        year,
        max(last_month) as last_month,
        count(*) as sender_count,
        sum(case when extract(month from last_month) = 12 then 1 else 0 end) as closed_sender_count
    from senders
    group by year

),

fullest as (

    select max(sender_count) as sender_count
    from years

),

newest as (

    select max(years.year) as year
    from years
    cross join fullest
    where 2 * years.sender_count >= fullest.sender_count

)

select
    years.year,
    years.last_month,
    cast(
        years.year >= newest.year
        and 2 * years.closed_sender_count < years.sender_count as boolean
    ) as is_open_year
from years
cross join newest
