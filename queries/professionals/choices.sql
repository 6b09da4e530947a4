-- Which professions, years and grains are known, and how much of them?
-- Grain: one row per grain, profession, year and practice.
select
    professional_gini.grain,
    professional_gini.profession_code as profession,
    professional_gini.profession_name,
    professional_gini.year,
    professional_gini.practice,
    professional_gini.is_usual_practice,
    professional_gini.is_group,
    coalesce(professions.is_ir41, false) as is_ir41,
    coalesce(professions.population_group, 'all') as population_group,
    professional_gini.territories,
    professional_gini.territories_expected,
    professional_gini.professionals
from professional_gini
left join professions
    on professional_gini.profession_code = professions.profession_code
where
    professional_gini.territory_code = 'FR'
    -- Counts of professionals are public: any person who may see something may see them all.
    and len($scope) > 0
order by
    professions.sort_order nulls last,
    professional_gini.profession_code,
    professional_gini.year,
    professional_gini.grain,
    professional_gini.practice
