-- What programmes cost and yield, item by item.
-- Grain: one row per programme, volet, year and item; the latest extract wins.
with

ranked as (

    select
        raw_programme_cost.programme,
        raw_programme_cost.volet,
        raw_programme_cost.year,
        raw_programme_cost.item,
        raw_programme_cost.value,
        raw_programme_cost.unit,
        raw_programme_cost.hypothesis,
        raw_programme_cost.note,
        raw_programme_cost.extract_id,
        raw_programme_cost.source_sheet,
        raw_programme_cost.source_row,
        extracts.file_name,
        extracts.origin = 'published' as is_published,
        row_number() over (
            partition by
                raw_programme_cost.programme,
                raw_programme_cost.volet,
                raw_programme_cost.year,
                raw_programme_cost.item
            order by extracts.position desc, raw_programme_cost.source_row desc
        ) as recency
    from raw_programme_cost
    inner join extracts
        on raw_programme_cost.extract_id = extracts.extract_id

)

select
    programme,
    volet,
    year,
    item,
    value,
    unit,
    hypothesis,
    note,
    is_published,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by programme, volet, year, item
