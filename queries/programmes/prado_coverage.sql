-- Where is PRADO proposed, by volet: sites and establishments, active against those that could?
-- Grain: one row per territory, period, volet and source that gives establishments or sites.
-- Parameter year: integer (optional).
-- Hides by is_hidden: adhesions, adhesion_rate.
select
    territory_code,
    year,
    month,
    month_count,
    volet,
    label,
    source,
    adhesions,
    sites_active,
    sites_total,
    establishments_active,
    establishments_eligible,
    is_published,
    is_hidden,
    file_name,
    source_row,
    adhesion_rate_pct / 100 as adhesion_rate,
    establishments_rate_pct / 100 as published_establishments_rate,
    establishments_active / nullif(establishments_eligible, 0) as establishments_rate,
    sites_active / nullif(sites_total, 0) as sites_rate
from prado_activity
where
    (establishments_active is not null or sites_active is not null)
    and ($year is null or year = $year)
    -- Published figures are public: any person who may see something may see them all.
    and (
        (is_published and len($scope) > 0)
        or territory_code in (select unnest($scope))
    )
order by territory_code, month, volet, source
