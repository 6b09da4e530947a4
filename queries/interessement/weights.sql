-- Weights of the intéressement, each line with the indicator it rests on where there is one.
-- Grain: one row per year, share, published line and indicator.
-- scope: none
select
    year,
    share,
    label,
    weight_pct,
    indicator_code,
    file_name,
    source_row
from interessement
order by year, share, label
