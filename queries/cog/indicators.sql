-- The COG's indicators as published.
-- Grain: one row per code and year.
-- scope: none
select
    fiche,
    cog_code,
    cog_type,
    label,
    unit,
    year,
    realised,
    objective,
    target_2017,
    published_verdict,
    note,
    file_name,
    source_row
from cog
order by fiche, cog_code, year
