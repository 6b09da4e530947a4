-- What did each index do over one, two and three years, beside its target and chance?
-- Grain: one row per profession, year, grain, practice, territory and span.
-- Parameter grain: departement|epci (optional).
-- Parameter year: integer (optional).
-- Parameter profession: text (optional).
-- Parameter territory: text (optional).
-- Parameter practice: liberal|all|salaried (optional).
with

wanted as (

    select trim(regexp_replace(lower(strip_accents($profession)), '[^a-z0-9]+', ' ', 'g')) as name

)

select
    professional_changes.profession_code as profession,
    professional_changes.year,
    professional_changes.grain,
    professional_changes.span,
    professional_changes.base_year,
    professional_changes.gini_before,
    professional_changes.gini_after,
    professional_changes.change,
    professional_changes.target,
    professional_changes.verdict,
    professional_changes.reason,
    professional_changes.turnover,
    professional_changes.noise_sd,
    professional_changes.noise_reach,
    professional_changes.attained_under,
    professional_changes.missed_over,
    professional_changes.chance_without_change,
    professional_changes.chance_on_target,
    professional_changes.verdict_adjusted,
    professional_changes.judged_together,
    professional_changes.expected_by_chance,
    professional_changes.territory_code,
    professional_changes.profession_name,
    professional_changes.practice
from professional_changes
left join professions
    on professional_changes.profession_code = professions.profession_code
cross join wanted
left join profession_spellings
    on wanted.name = profession_spellings.spelling
where
    professional_changes.grain = coalesce($grain, professional_changes.grain)
    and professional_changes.year = coalesce($year, professional_changes.year)
    and professional_changes.territory_code = coalesce($territory, 'FR')
    and (
        wanted.name is null
        or professional_changes.profession_code
        = coalesce(profession_spellings.profession_code, replace(wanted.name, ' ', '_'))
    )
    and case
        when $practice is null then professional_changes.is_usual_practice
        else professional_changes.practice = $practice
    end
    -- Counts of professionals are public: any person who may see something may see them all.
    and len($scope) > 0
order by
    professions.sort_order nulls last,
    professional_changes.profession_code,
    professional_changes.year,
    professional_changes.grain,
    professional_changes.span
