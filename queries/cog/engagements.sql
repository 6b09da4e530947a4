-- The commitments of the COG.
-- Grain: one row per party and number.
-- scope: none
select
    party,
    number,
    action,
    due,
    achieved,
    on_time,
    wording_precise,
    file_name,
    source_row
from engagements
order by party, number
