-- Vaccination coverage as published, one row a vaccine; nothing is added up: there are no counts.
-- Grain: one row per year, territory and vaccine that is published; the latest extract wins.
with

vaccines as (

    select
        'hpv_girls_dose1_15' as vaccine_code,
        1 as position
    union all
    select
        'hpv_girls_dose2_16' as vaccine_code,
        2 as position
    union all
    select
        'hpv_boys_dose1_15' as vaccine_code,
        3 as position
    union all
    select
        'hpv_boys_dose2_16' as vaccine_code,
        4 as position
    union all
    select
        'meningococcus_c_10_14' as vaccine_code,
        5 as position
    union all
    select
        'meningococcus_c_15_19' as vaccine_code,
        6 as position
    union all
    select
        'meningococcus_c_20_24' as vaccine_code,
        7 as position
    union all
    select
        'flu_at_risk_under_65' as vaccine_code,
        8 as position
    union all
    select
        'flu_65_plus' as vaccine_code,
        9 as position
    union all
    select
        'flu_65_74' as vaccine_code,
        10 as position
    union all
    select
        'flu_75_plus' as vaccine_code,
        11 as position
    union all
    select
        'covid_65_plus' as vaccine_code,
        12 as position

),

sent as (

    select
        raw_vaccination.year,
        raw_vaccination.territory_code,
        vaccines.vaccine_code,
        vaccines.position as vaccine_order,
        case vaccines.vaccine_code
            when 'hpv_girls_dose1_15' then raw_vaccination.hpv_girls_dose1_15_pct
            when 'hpv_girls_dose2_16' then raw_vaccination.hpv_girls_dose2_16_pct
            when 'hpv_boys_dose1_15' then raw_vaccination.hpv_boys_dose1_15_pct
            when 'hpv_boys_dose2_16' then raw_vaccination.hpv_boys_dose2_16_pct
            when 'meningococcus_c_10_14' then raw_vaccination.meningococcus_c_10_14_pct
            when 'meningococcus_c_15_19' then raw_vaccination.meningococcus_c_15_19_pct
            when 'meningococcus_c_20_24' then raw_vaccination.meningococcus_c_20_24_pct
            when 'flu_at_risk_under_65' then raw_vaccination.flu_at_risk_under_65_pct
            when 'flu_65_plus' then raw_vaccination.flu_65_plus_pct
            when 'flu_65_74' then raw_vaccination.flu_65_74_pct
            when 'flu_75_plus' then raw_vaccination.flu_75_plus_pct
            when 'covid_65_plus' then raw_vaccination.covid_65_plus_pct
        end as rate_pct,
        raw_vaccination.extract_id,
        raw_vaccination.source_sheet,
        raw_vaccination.source_row,
        extracts.file_name,
        extracts.position as extract_order
    from raw_vaccination
    inner join extracts
        on raw_vaccination.extract_id = extracts.extract_id
    cross join vaccines

),

ranked as (

    select
        sent.*,
        row_number() over (
            partition by sent.year, sent.territory_code, sent.vaccine_code
            order by sent.extract_order desc, sent.source_row desc
        ) as recency
    from sent
    where sent.rate_pct is not null

)

select
    year,
    territory_code,
    vaccine_code,
    vaccine_order,
    rate_pct,
    extract_id,
    file_name,
    source_sheet,
    source_row
from ranked
where recency = 1
order by year, vaccine_order, territory_code
