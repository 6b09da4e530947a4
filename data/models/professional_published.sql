-- Professionals as sent, totals and published densities included: for provenance and comparison.
-- Grain: one row per year, practice, profession and zone; the latest extract wins.
select
    stg_professional_cells.year,
    stg_professional_cells.practice,
    stg_professional_cells.profession_code,
    coalesce(
        professions.profession_name,
        concat(
            upper(substring(stg_professional_cells.profession_code, 1, 1)),
            replace(substring(stg_professional_cells.profession_code, 2), '_', ' ')
        )
    ) as profession_name,
    stg_professional_cells.territory_code,
    stg_professional_cells.headcount,
    stg_professional_cells.fte,
    stg_professional_cells.published_density,
    stg_professional_cells.file_name,
    stg_professional_cells.source_row
from stg_professional_cells
left join professions
    on stg_professional_cells.profession_code = professions.profession_code
order by
    stg_professional_cells.year,
    professions.sort_order,
    stg_professional_cells.profession_code,
    stg_professional_cells.practice,
    stg_professional_cells.territory_code
