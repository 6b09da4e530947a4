-- Which caisses each extract speaks of in what is served.
-- Grain: one row per extract and caisse.
select
    extract_id,
    caisse_code,
    count(*) as cell_count,
    min(month) as first_month,
    max(month) as last_month
from cpg_provenance
group by extract_id, caisse_code
order by extract_id, caisse_code
