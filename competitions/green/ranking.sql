-- The same as comparison.compare(), for one group and level. Quotients are taken with thirty decimals before rounding.
WITH members AS (
    SELECT s.id, greatest(s.first_month, %(start)s::date) AS lower, least(s.last_month, %(end)s::date) AS upper, b.value AS baseline
    FROM competitions_benchmarksubject s
    LEFT JOIN competitions_baseline b ON b.subject_id = s.id AND b.state = 'accepted'
    WHERE s.group_id = %(group)s AND s.level = %(level)s
      AND s.first_month <= %(end)s::date AND (s.last_month IS NULL OR s.last_month >= %(start)s::date)
), readings AS (
    SELECT m.id, m.lower, m.upper, r.month, r.value, r.weight
    FROM members m JOIN competitions_monthlyreading r ON r.subject_id = m.id AND r.state = 'accepted'
), totals AS (
    SELECT id, count(*) AS months, round(sum(value * weight)::numeric(80, 30) / sum(weight), 6) AS value
    FROM readings WHERE month BETWEEN lower AND upper GROUP BY id
), pairs AS (
    SELECT r.id,
           round(sum(r.value * r.weight)::numeric(80, 30) / sum(r.weight), 6) AS current,
           round(sum(p.value * p.weight)::numeric(80, 30) / sum(p.weight), 6) AS base
    FROM readings r JOIN readings p ON p.id = r.id AND p.month = (r.month - interval '1 year')::date
    WHERE %(seasonal)s AND r.month BETWEEN r.lower AND r.upper GROUP BY r.id
), figures AS (
    SELECT m.id,
           (extract(year FROM m.upper)::int - extract(year FROM m.lower)::int) * 12
             + extract(month FROM m.upper)::int - extract(month FROM m.lower)::int + 1 AS expected,
           coalesce(t.months, 0) AS months,
           t.value,
           round(%(sign)s * (t.value - %(benchmark)s)::numeric(80, 30) / %(benchmark)s * 100, 2) AS gap,
           CASE WHEN %(seasonal)s THEN p.base ELSE m.baseline END AS base,
           CASE WHEN %(seasonal)s THEN p.current ELSE t.value END AS current
    FROM members m LEFT JOIN totals t ON t.id = m.id LEFT JOIN pairs p ON p.id = m.id
), gains AS (
    SELECT *, round(%(sign)s * (base - current)::numeric(80, 30) / nullif(base, 0) * 100, 2) AS improvement,
           gap IS NOT NULL AND months >= expected * %(least)s AS is_fit
    FROM figures
), points AS (
    SELECT id,
           coalesce(round((%(gap_points)s * (max(gap) OVER () - gap))::numeric(80, 30)
             / nullif(max(gap) OVER () - min(gap) OVER (), 0), 4), %(gap_points)s)
           + CASE WHEN improvement IS NULL THEN 0 ELSE
             coalesce(round((%(improvement_points)s * (improvement - min(improvement) OVER ()))::numeric(80, 30)
               / nullif(max(improvement) OVER () - min(improvement) OVER (), 0), 4), %(improvement_points)s) END AS points,
           gap, count(*) OVER () AS number
    FROM gains WHERE is_fit
), ranked AS (
    SELECT id, round(points, 2) AS score, rank() OVER (ORDER BY round(points, 2) DESC, gap) AS place
    FROM points WHERE number >= %(minimum)s
)
SELECT g.id, g.expected, g.months, g.value, g.gap, g.base, g.improvement, r.score, r.place
FROM gains g LEFT JOIN ranked r ON r.id = g.id
ORDER BY r.place NULLS LAST, g.id
