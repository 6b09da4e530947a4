-- How many adhesions does a counsellor (CAM) enter a month, by volet and period?
-- Grain: one row per territory, period, volet and source that gives counsellors.
-- Parameter volet: text (optional).
-- Hides by is_hidden: adhesions_per_fte_month, adhesions_per_month.
select
    territory_code,
    year,
    month,
    month_count,
    volet,
    source,
    cam_fte,
    is_published,
    is_hidden,
    file_name,
    source_row,
    coalesce(
        adhesions_per_fte_month,
        adhesions / nullif(cam_fte * month_count, 0)
    ) as adhesions_per_fte_month,
    coalesce(adhesions / month_count, adhesions_per_fte_month * cam_fte) as adhesions_per_month
from prado_activity
where
    cam_fte is not null
    and ($volet is null or volet = $volet)
    -- Published figures are public: any person who may see something may see them all.
    and (
        (is_published and len($scope) > 0)
        or territory_code in (select unnest($scope))
    )
order by territory_code, month, month_count, volet, source
