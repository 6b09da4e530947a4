-- What PRADO mobilises and covers, by territory, period and volet, whatever the source.
-- Grain: one row per territory, last month, length of the period, volet and source; the latest
-- extract wins. What caisses sent counts their patients: `is_hidden` on every row of theirs.
with

ranked as (

    select
        raw_prado_activity.territory_code,
        raw_prado_activity.month,
        raw_prado_activity.month_count,
        raw_prado_activity.volet,
        raw_prado_activity.source,
        raw_prado_activity.year,
        raw_prado_activity.label,
        raw_prado_activity.adhesions,
        raw_prado_activity.objective,
        raw_prado_activity.revised_objective,
        raw_prado_activity.cam_fte,
        raw_prado_activity.adhesions_per_fte_month,
        raw_prado_activity.sites_active,
        raw_prado_activity.sites_total,
        raw_prado_activity.adhesion_rate_pct,
        raw_prado_activity.establishments_active,
        raw_prado_activity.establishments_eligible,
        raw_prado_activity.establishments_rate_pct,
        raw_prado_activity.extract_id,
        raw_prado_activity.source_sheet,
        raw_prado_activity.source_row,
        extracts.file_name,
        extracts.origin = 'published' as is_published,
        row_number() over (
            partition by
                raw_prado_activity.territory_code,
                raw_prado_activity.month,
                raw_prado_activity.month_count,
                raw_prado_activity.volet,
                raw_prado_activity.source
            order by extracts.position desc, raw_prado_activity.source_row desc
        ) as recency
    from raw_prado_activity
    inner join extracts
        on raw_prado_activity.extract_id = extracts.extract_id

)

select
    territory_code,
    month,
    month_count,
    volet,
    source,
    year,
    label,
    adhesions,
    objective,
    revised_objective,
    cam_fte,
    adhesions_per_fte_month,
    sites_active,
    sites_total,
    adhesion_rate_pct,
    establishments_active,
    establishments_eligible,
    establishments_rate_pct,
    not is_published as is_hidden,
    is_published,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by territory_code, month, month_count, volet, source
