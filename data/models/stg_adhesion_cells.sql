-- The live adhesions of each caisse, those of PRADO's volets put together too.
-- Grain: one row per caisse, month, programme and volet, `ensemble` for the whole programme.
select
    caisse_code,
    month,
    year,
    programme,
    volet,
    adhesions,
    eligible,
    objective,
    new_in_care_gap
from stg_adhesion_latest
union all
select
    caisse_code,
    month,
    year,
    programme,
    'ensemble' as volet,
    cast(sum(adhesions) as bigint) as adhesions,
    cast(sum(eligible) as bigint) as eligible,
    cast(sum(objective) as bigint) as objective,
    cast(sum(new_in_care_gap) as bigint) as new_in_care_gap
from stg_adhesion_latest
where volet <> 'ensemble'
group by caisse_code, month, year, programme
