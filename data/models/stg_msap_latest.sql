-- Which extract counts for the cells that several extracts hold: the latest one.
-- Grain: one row per establishment, month and item (domain and procedure), in the months of an
-- establishment of which several extracts speak; elsewhere no row can undo another.
with

contested as (

    select
        finess,
        month
    from stg_msap_rows
    group by finess, month
    having min(position) < max(position)

)

select
    sent.finess,
    sent.month,
    sent.item_id,
    max(sent.position) as position
from stg_msap_rows as sent
inner join contested
    on
        sent.finess = contested.finess
        and sent.month = contested.month
group by sent.finess, sent.month, sent.item_id
