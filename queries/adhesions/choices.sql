-- Which programmes, volets and months can be asked?
-- Grain: one row per programme and volet.
select
    programme,
    volet,
    min(month) as first_month,
    max(month) as last_month
from adhesions_monthly
where
    level = 'national'
    -- Months known for the country say nothing of anybody.
    and len($scope) > 0
group by programme, volet
order by programme, volet
