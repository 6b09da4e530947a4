-- What becomes of the patients that a call campaign of Sophia aims at, step by step?
-- Grain: one row per campaign, caisse, year and step, in the order of the steps.
-- `share_of_reached`: of the patients reached, for what comes after the call.
-- Parameter year: integer (optional).
-- Hides by is_hidden: step_count, share_of_reached.
with

steps as (

    select
        sophia_calls.*,
        case sophia_calls.step
            when 'targeted' then 1
            when 'calls_made' then 2
            when 'calls_reached' then 3
            when 'adhesion_promises' then 4
            when 'refusals' then 5
            else 6
        end as step_rank,
        max(case when sophia_calls.step = 'calls_reached' then sophia_calls.step_count end) over (
            partition by sophia_calls.campaign, sophia_calls.territory_code, sophia_calls.year
        ) as reached
    from sophia_calls

)

select
    campaign,
    territory_code,
    year,
    step,
    step_rank,
    step_count,
    is_published,
    is_hidden,
    file_name,
    source_row,
    case when step_rank > 3 then step_count / nullif(reached, 0) end as share_of_reached
from steps
where
    ($year is null or year = $year)
    -- Published figures are public: any person who may see something may see them all.
    and (
        (is_published and len($scope) > 0)
        or territory_code in (select unnest($scope))
    )
order by territory_code, year, campaign, step_rank
