-- The live value of each cell: as sent, with the accepted corrections laid over it.
-- Grain: one row per caisse, indicator and month.
with

corrected as (

    select
        caisse_code,
        indicator_code,
        month,
        max(case when column_name = 'realised' then new_value end) as realised,
        max(case when column_name = 'numerator' then new_value end) as numerator,
        max(case when column_name = 'denominator' then new_value end) as denominator
    from stg_cpg_corrections
    where state = 'applied' and column_name <> 'objective'
    group by caisse_code, indicator_code, month

),

objectives as (

    select
        caisse_code,
        indicator_code,
        year,
        sent_value,
        new_value
    from stg_cpg_corrections
    where state = 'applied' and column_name = 'objective'

)

select
    sent.caisse_code,
    sent.indicator_code,
    sent.month,
    sent.year,
    coalesce(corrected.realised, sent.realised) as realised,
    coalesce(corrected.numerator, sent.numerator) as numerator,
    coalesce(corrected.denominator, sent.denominator) as denominator,
    coalesce(objectives.new_value, sent.objective) as objective,
    sent.provisional,
    sent.extract_id,
    sent.source_sheet,
    sent.source_row
from stg_cpg_sent as sent
left join corrected
    on
        sent.caisse_code = corrected.caisse_code
        and sent.indicator_code = corrected.indicator_code
        and sent.month = corrected.month
left join objectives
    on
        sent.caisse_code = objectives.caisse_code
        and sent.indicator_code = objectives.indicator_code
        and sent.year = objectives.year
        and sent.objective = objectives.sent_value
