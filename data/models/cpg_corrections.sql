-- The accepted corrections of single values that this publication holds, and what became of each.
-- Grain: one row per correction. `given_value` is what the extracts give now, `sent_value` what
-- they gave when it was proposed. `is_hidden` where a value of it may be a small count of patients,
-- or was hidden to protect one: beside a former publication it would give that one away.
select
    corrections.correction_id,
    corrections.year,
    corrections.month,
    corrections.caisse_code,
    corrections.indicator_code,
    corrections.column_name,
    corrections.old_value,
    corrections.sent_value,
    corrections.new_value,
    corrections.given_value,
    corrections.state,
    corrections.motive,
    corrections.source,
    corrections.proposed_by,
    corrections.proposed_at,
    corrections.extract_id,
    extracts.file_name as given_by_file,
    extracts.received_at as given_at,
    cast(
        indicators.counts_patients
        and corrections.column_name in ('realised', 'numerator')
        and (
            hidden_months.territory_code is not null
            or corrections.was_hidden
            or coalesce(corrections.old_value between 1 and hiding.largest_small, false)
            or coalesce(corrections.sent_value between 1 and hiding.largest_small, false)
            or coalesce(corrections.new_value between 1 and hiding.largest_small, false)
            or coalesce(corrections.given_value between 1 and hiding.largest_small, false)
        ) as boolean
    ) as is_hidden
from stg_cpg_corrections as corrections
cross join hiding
inner join indicators
    on corrections.indicator_code = indicators.indicator_code
left join extracts
    on corrections.given_by = extracts.extract_id
left join hidden_months
    on
        corrections.month = hidden_months.month
        and corrections.caisse_code = hidden_months.territory_code
        and corrections.indicator_code = hidden_months.indicator_code
order by corrections.correction_id
