-- The year's objective of each caisse, and the file that gave it.
-- Grain: one row per caisse, indicator and year. `sent_objective` is as the file gives it.
select
    objectives.year,
    objectives.caisse_code,
    objectives.indicator_code,
    objectives.objective,
    sent.objective as sent_objective,
    sent.extract_id,
    extracts.file_name,
    sent.source_sheet,
    sent.source_row,
    extracts.received_by,
    extracts.received_at,
    extracts.origin
from stg_cpg_objectives as objectives
inner join stg_cpg_sent_objectives as sent
    on
        objectives.caisse_code = sent.caisse_code
        and objectives.indicator_code = sent.indicator_code
        and objectives.year = sent.year
inner join extracts
    on sent.extract_id = extracts.extract_id
order by objectives.year, objectives.caisse_code, objectives.indicator_code
