-- The accepted corrections that are served, and whether they still apply to what the extracts give.
-- Grain: one row per correction. `state`: applied; replaced by a later correction of the same
-- value; superseded where the extracts no longer give the value that was corrected.
with

ranked as (

    select
        corrections.correction_id,
        corrections.caisse_code,
        corrections.indicator_code,
        corrections.month,
        corrections.column_name,
        corrections.old_value,
        corrections.sent_value,
        corrections.new_value,
        corrections.motive,
        corrections.source,
        corrections.proposed_by,
        corrections.proposed_at,
        corrections.was_hidden,
        corrections.extract_id,
        cast(extract(year from corrections.month) as integer) as year,
        row_number() over (
            partition by
                corrections.caisse_code,
                corrections.indicator_code,
                corrections.month,
                corrections.column_name
            order by live_extracts.position desc
        ) as recency
    from raw_cpg_corrections as corrections
    inner join live_extracts
        on corrections.extract_id = live_extracts.extract_id

),

given as (

    select
        ranked.correction_id,
        coalesce(sent.extract_id, objectives.extract_id) as given_by,
        case ranked.column_name
            when 'realised' then sent.realised
            when 'numerator' then sent.numerator
            when 'denominator' then sent.denominator
            else objectives.objective
        end as given_value
    from ranked
    left join stg_cpg_sent as sent
        on
            ranked.caisse_code = sent.caisse_code
            and ranked.indicator_code = sent.indicator_code
            and ranked.month = sent.month
            and ranked.column_name <> 'objective'
    left join stg_cpg_sent_objectives as objectives
        on
            ranked.caisse_code = objectives.caisse_code
            and ranked.indicator_code = objectives.indicator_code
            and ranked.year = objectives.year
            and ranked.column_name = 'objective'

)

select
    ranked.correction_id,
    ranked.caisse_code,
    ranked.indicator_code,
    ranked.month,
    ranked.year,
    ranked.column_name,
    ranked.old_value,
    ranked.sent_value,
    ranked.new_value,
    ranked.motive,
    ranked.source,
    ranked.proposed_by,
    ranked.proposed_at,
    ranked.was_hidden,
    ranked.extract_id,
    given.given_value,
    given.given_by,
    case
        when ranked.recency > 1 then 'replaced'
        when coalesce(given.given_value = ranked.sent_value, false) then 'applied'
        else 'superseded'
    end as state
from ranked
inner join given
    on ranked.correction_id = given.correction_id
