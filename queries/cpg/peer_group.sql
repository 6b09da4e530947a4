-- Where a chosen group of territories of one level stands, as quartiles; never one of them alone.
-- Grain: one row per indicator; nothing is told of fewer than five known figures.
-- Parameter level: caisse|departement|drsm|region|ancienne_region.
-- Parameter year: integer.
-- Parameter members: codes (at least 5).
with

figures as (

    select
        indicator_code,
        level,
        year,
        -- Hidden figures count in nobody's comparison, whoever asks.
        case when not is_hidden then attainment_to_date end as compared
    from cpg_attainment
    where
        year = $year
        and level = $level
        and list_contains($members, territory_code)
        -- An aggregate that every role may see, from whoever may see anything at all.
        and len($scope) > 0

),

quartiles as (

    select
        indicator_code,
        level,
        year,
        count(compared) as known_count,
        quantile_cont(compared, 0.25) as first_quartile,
        quantile_cont(compared, 0.5) as middle,
        quantile_cont(compared, 0.75) as third_quartile
    from figures
    group by indicator_code, level, year

)

select
    indicator_code,
    level,
    year,
    case when known_count >= 5 then known_count end as territory_count,
    case when known_count >= 5 then first_quartile end as attainment_q1,
    case when known_count >= 5 then middle end as attainment_median,
    case when known_count >= 5 then third_quartile end as attainment_q3
from quartiles
order by indicator_code
