-- What this publication is: its identifier, how many extracts, of which origins, until when.
-- Grain: one row.
-- scope: none
select
    build_info.build_id,
    build_info.extract_count,
    max(extracts.received_at) as newest_received_at,
    count(case when extracts.origin = 'demonstration' then 1 end) as demonstration_count,
    count(case when extracts.origin = 'published' then 1 end) as published_count,
    count(case when extracts.origin = 'received' then 1 end) as received_count,
    count(case when extracts.contract = 'cpg_corrections' then 1 end) as correction_count,
    (select max(last_month) from cpg_years) as last_month
from build_info
left join extracts
    on true
group by build_info.build_id, build_info.extract_count
