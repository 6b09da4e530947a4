-- The year's objective of a caisse: as sent, with the accepted corrections laid over it.
-- Grain: one row per caisse, indicator and year.
with

corrected as (

    select
        caisse_code,
        indicator_code,
        year,
        new_value
    from stg_cpg_corrections
    where state = 'applied' and column_name = 'objective'

)

select
    sent.caisse_code,
    sent.indicator_code,
    sent.year,
    coalesce(corrected.new_value, sent.objective) as objective
from stg_cpg_sent_objectives as sent
left join corrected
    on
        sent.caisse_code = corrected.caisse_code
        and sent.indicator_code = corrected.indicator_code
        and sent.year = corrected.year
