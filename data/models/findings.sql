-- What was found in the live extracts, shown beside the figures it concerns.
-- Grain: one row per finding. `is_hidden` where the sentence may tell a small count of patients:
-- its cell is hidden, is no longer the one served, or a figure that it gives is small by itself.
-- The counts of an establishment's month (MSAP), and those of programmes where caisses sent them,
-- are told to nobody without the right.
select
    raw_findings.extract_id,
    raw_findings.rule,
    raw_findings.contract,
    raw_findings.severity,
    raw_findings.sentence,
    raw_findings.sheet,
    raw_findings."row",
    raw_findings."column",
    raw_findings.value,
    raw_findings.expected,
    raw_findings.found,
    raw_findings.year,
    raw_findings.domain,
    raw_findings.label,
    raw_findings.measure,
    raw_findings.territory_code,
    raw_findings.indicator_code,
    raw_findings.month,
    coalesce(
        raw_findings.contract = 'cpg'
        and indicators.counts_patients
        and (
            cells.caisse_code is null
            or hidden_months.territory_code is not null
            or try_cast(raw_findings.expected as double) between 1 and hiding.largest_small
            or try_cast(raw_findings.found as double) between 1 and hiding.largest_small
        ),
        false
    )
    or (
        raw_findings.contract = 'msap'
        and raw_findings.rule not in (
            'msap.unknown_procedure',
            'msap.status_changes',
            'msap.window_incomplete',
            'msap.window_too_long',
            'msap.unmapped_headings'
        )
    )
    or (
        raw_findings.contract in ('prado_activity', 'sophia_calls', 'dmp', 'adhesions')
        and coalesce(extracts.origin, '') <> 'published'
    ) as is_hidden
from raw_findings
cross join hiding
left join extracts
    on raw_findings.extract_id = extracts.extract_id
left join indicators
    on raw_findings.indicator_code = indicators.indicator_code
left join stg_cpg_cells as cells
    on
        raw_findings.extract_id = cells.extract_id
        and raw_findings.territory_code = cells.caisse_code
        and raw_findings.indicator_code = cells.indicator_code
        and try_cast(raw_findings.month as date) = cells.month
left join hidden_months
    on
        raw_findings.territory_code = hidden_months.territory_code
        and raw_findings.indicator_code = hidden_months.indicator_code
        and try_cast(raw_findings.month as date) = hidden_months.month
