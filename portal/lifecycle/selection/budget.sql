-- The second, independent implementation of a selection within a budget (PostgreSQL 15 or later, no table).
--
-- Input: one JSON document as the parameter "payload":
--   budget, cap (or null), min_score (or null)
--   entries   code, rank, total, below_floor (boolean), asked – rank and total as ranking.sql has found them
-- Output: one row per entry that is given money: code, amount; by code.

with recursive input as (
    select %(payload)s::jsonb as document
),
rule as (
    select (document ->> 'budget')::numeric    as budget,
           (document ->> 'cap')::numeric       as cap,
           (document ->> 'min_score')::numeric as min_score
    from input
),
running as (
    select e.code, least(e.asked, coalesce(r.cap, e.asked)) as amount,
           row_number() over (order by e.rank, e.code) as place
    from input
    cross join jsonb_to_recordset(document -> 'entries')
        as e(code text, rank integer, total numeric, below_floor boolean, asked numeric)
    cross join rule r
    where e.rank is not null
      and e.total is not null
      and not e.below_floor
      and e.asked > 0
      and (r.min_score is null or e.total >= r.min_score)
),
walk as (
    select 0::bigint as place, null::text as code, budget as left_over, 0::numeric as amount
    from rule
    union all
    select n.place, n.code,
           case when n.amount <= w.left_over then w.left_over - n.amount else w.left_over end,
           case when n.amount <= w.left_over then n.amount else 0 end
    from walk w
    join running n on n.place = w.place + 1
)
select code, amount
from walk
where amount > 0
order by code
