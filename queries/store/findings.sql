-- What was found in the extracts of this publication, shown beside the figures it concerns.
-- Grain: one row per finding about a territory that the person may see, or about none.
-- Hides by is_hidden: sentence, expected, found.
select
    findings.extract_id,
    extracts.file_name,
    extracts.origin,
    findings.rule,
    findings.contract,
    findings.severity,
    findings.sentence,
    findings.sheet,
    findings."row",
    findings."column",
    findings.year,
    findings.month,
    findings.domain,
    findings.label,
    findings.measure,
    findings.territory_code,
    findings.indicator_code,
    findings.expected,
    findings.found,
    findings.is_hidden,
    -- What may be said to whoever lacks the right to small numbers.
    concat(
        extracts.file_name,
        coalesce(', feuille « ' || findings.sheet || ' »', ''),
        coalesce(', ligne ' || findings."row", ''),
        coalesce(', colonne « ' || findings."column" || ' »', ''),
        ' : signalement sur un effectif de patients dont le détail est masqué (secret statistique).'
    ) as sentence_without_figures
from findings
inner join extracts
    on findings.extract_id = extracts.extract_id
where
    findings.territory_code in (select unnest($scope))
    or (findings.territory_code is null and len($scope) > 0)
