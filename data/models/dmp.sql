-- Shared medical records opened at a date, a stock.
-- Grain: one row per territory and date; the latest extract wins. What caisses sent counts people:
-- `is_hidden` on every row of theirs.
with

ranked as (

    select
        raw_dmp.territory_code,
        raw_dmp.counted_on,
        raw_dmp.cumulated,
        raw_dmp.of_which_year,
        raw_dmp.note,
        raw_dmp.extract_id,
        raw_dmp.source_sheet,
        raw_dmp.source_row,
        extracts.file_name,
        extracts.origin = 'published' as is_published,
        row_number() over (
            partition by
                raw_dmp.territory_code,
                raw_dmp.counted_on
            order by extracts.position desc, raw_dmp.source_row desc
        ) as recency
    from raw_dmp
    inner join extracts
        on raw_dmp.extract_id = extracts.extract_id

)

select
    territory_code,
    counted_on,
    cumulated,
    of_which_year,
    note,
    not is_published as is_hidden,
    is_published,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by territory_code, counted_on
