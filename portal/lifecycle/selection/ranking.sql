-- The second, independent implementation of scoring and ranking (PostgreSQL 15 or later, no extension, no table).
--
-- Input: one JSON document, the frozen data of a round, as the parameter "payload" (see shadow.py):
--   rule         trim_from, trim_each, places, ties (array of names), by_track
--   criteria     code, max_score, weight, core, floor_ratio
--   entries      code, eligible, track, submitted, vote, draw
--   assignments  entry_code, expert_code, recused
--   marks        entry_code, expert_code, criterion_code, value (null = none), abstained
-- Output: one row per entry: code, status, total, median, core, below_floor, rank.
--
-- Exactness. Figures are rounded half up once (numeric rounds halves away from zero, and nothing here is negative).
-- Quotients carry 200 decimals. A value that is a true half after the last place may come out a hair below it, so it is
-- first rounded to 170 decimals: that repairs the hair and cannot touch any other value, because exact figures have
-- denominators far below 10^140 and therefore keep a greater distance from every half.
-- No doubles anywhere: percentile_cont and avg on doubles are avoided on purpose.

with input as (
    select %(payload)s::jsonb as document
),
rule as (
    select (document -> 'rule' ->> 'trim_from')::integer as trim_from,
           (document -> 'rule' ->> 'trim_each')::integer as trim_each,
           (document -> 'rule' ->> 'places')::integer    as places,
           (document -> 'rule' ->> 'by_track')::boolean  as by_track,
           document -> 'rule' -> 'ties'                  as ties
    from input
),
criteria as (
    select c.code,
           c.max_score::numeric(400, 200)                     as max_score,
           coalesce(c.weight, c.max_score)::numeric(400, 200) as weight,
           c.core,
           c.floor_ratio
    from input,
         jsonb_to_recordset(document -> 'criteria')
             as c(code text, max_score numeric, weight numeric, core boolean, floor_ratio numeric)
),
entries as (
    select e.*
    from input,
         jsonb_to_recordset(document -> 'entries')
             as e(code text, eligible boolean, track text, submitted numeric, vote numeric, draw numeric)
),
assignments as (
    select a.*
    from input,
         jsonb_to_recordset(document -> 'assignments') as a(entry_code text, expert_code text, recused boolean)
),
marks as (
    select m.*
    from input,
         jsonb_to_recordset(document -> 'marks')
             as m(entry_code text, expert_code text, criterion_code text, value numeric, abstained boolean)
),

-- Every mark that is owed: one per criterion and expert who did not step back.
owed as (
    select a.entry_code, a.expert_code, c.code as criterion_code, c.max_score, c.weight, m.value,
           m.value is null and not coalesce(m.abstained, false) as is_missing
    from assignments a
    cross join criteria c
    left join marks m
           on m.entry_code = a.entry_code and m.expert_code = a.expert_code and m.criterion_code = c.code
    where not a.recused
),
missing as (
    select entry_code, count(*) as marks_missing
    from owed
    where is_missing
    group by entry_code
),

-- Criteria: sort the valid marks, cut both ends, take the mean of what is left.
criterion_marks as (
    select entry_code, criterion_code, value,
           row_number() over (partition by entry_code, criterion_code order by value) as place,
           count(*) over (partition by entry_code, criterion_code)                    as marks_given
    from owed
    where value is not null
),
criterion_means as (
    select m.entry_code, m.criterion_code, sum(m.value)::numeric(400, 200) / count(*) as exact
    from criterion_marks m
    cross join rule r
    where m.marks_given < r.trim_from
       or (m.place > r.trim_each and m.place <= m.marks_given - r.trim_each)
    group by m.entry_code, m.criterion_code
),
criterion_results as (
    select m.entry_code,
           count(*) as criteria_marked,
           round(round(sum(m.exact * c.weight / c.max_score) filter (where c.core), 170), r.places) as core,
           array_agg(c.code order by c.code) filter (
               where round(round(m.exact, 170), r.places) < c.floor_ratio * c.max_score
           ) as below_floor
    from criterion_means m
    join criteria c on c.code = m.criterion_code
    cross join rule r
    group by m.entry_code, r.places
),

-- Experts: weighted sum of the valid marks, scaled up from the weight marked to the whole weight.
expert_totals as (
    select entry_code, expert_code,
           sum(value * weight / max_score) * (select sum(weight) from criteria) / sum(weight) as exact
    from owed
    where value is not null
    group by entry_code, expert_code
),
placed_totals as (
    select entry_code, exact,
           row_number() over (partition by entry_code order by exact) as place,
           count(*) over (partition by entry_code)                    as experts
    from expert_totals
),
totals as (
    select p.entry_code,
           round(
               round(
                   sum(p.exact) filter (where p.experts < r.trim_from
                                           or (p.place > r.trim_each and p.place <= p.experts - r.trim_each))
                   / nullif(count(*) filter (where p.experts < r.trim_from
                                                or (p.place > r.trim_each and p.place <= p.experts - r.trim_each)), 0),
                   170
               ),
               r.places
           ) as total,
           round(
               round(
                   sum(p.exact) filter (where p.place in ((p.experts + 1) / 2, (p.experts + 2) / 2))
                   / count(*) filter (where p.place in ((p.experts + 1) / 2, (p.experts + 2) / 2)),
                   170
               ),
               r.places
           ) as median
    from placed_totals p
    cross join rule r
    group by p.entry_code, r.places
),

scores as (
    select e.*,
           s.status,
           case when s.status = 'complete' then t.total end                               as total,
           case when s.status = 'complete' then t.median end                              as median,
           case when s.status = 'complete' then c.core end                                as core,
           case when s.status = 'complete' then coalesce(c.below_floor, '{}') else '{}' end as below_floor
    from entries e
    left join missing m on m.entry_code = e.code
    left join criterion_results c on c.entry_code = e.code
    left join totals t on t.entry_code = e.code
    cross join lateral (
        select case
                   when m.marks_missing > 0 then 'incomplete'
                   when coalesce(c.criteria_marked, 0) < (select count(*) from criteria) then 'no_valid_marks'
                   else 'complete'
               end as status
    ) s
),

-- The chain of tie-breaks as declared, the draw after all of them; a missing figure sorts behind every other.
chain as (
    select t.name, t.position
    from rule, jsonb_array_elements_text(rule.ties) with ordinality as t(name, position)
    where t.name <> 'draw'
    union all
    select 'draw', 1000000
),
keyed as (
    select s.*, k.key
    from scores s
    cross join lateral (
        select array_agg(part.figure order by c.position, part.slot) as key
        from chain c
        cross join lateral (
            select case c.name
                       when 'core_criterion' then -s.core
                       when 'untrimmed_median' then -s.median
                       when 'submitted_first' then s.submitted
                       when 'panel_vote' then s.vote
                       when 'draw' then s.draw
                   end as figure
        ) v
        cross join lateral (
            values (1, case when v.figure is null then 1 else 0 end::numeric), (2, coalesce(v.figure, 0))
        ) as part(slot, figure)
    ) k
)
select k.code, k.status, k.total, k.median, k.core, k.below_floor,
       case when k.eligible then
           rank() over (
               partition by k.eligible, case when r.by_track then k.track else '' end
               order by k.total desc nulls last, k.key
           )
       end as rank
from keyed k
cross join rule r
order by k.code
