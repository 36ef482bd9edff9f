-- Totals of all benches of one marking, in one statement; the same as scoring.total (a test compares).
-- Parameters: now, marking. ``mark``/``possible`` count confirmed and locked sub-criteria, ``all_…`` everything entered.
WITH cells AS (
    SELECT m.bench_id,
           p.state IN ('confirmed', 'locked') AS is_confirmed,
           a.max_mark,
           CASE
               WHEN a.kind = 'judgement' THEN
                   CASE
                       WHEN count(*) = 3 AND min(m.round) = max(m.round) AND max(m.score) - min(m.score) <= 1
                       THEN round(sum(m.score) * a.max_mark / 9, 2)
                   END
               WHEN a.rule = 'all' THEN CASE WHEN max(m.value) = 1 THEN a.max_mark ELSE 0 END
               WHEN a.rule = 'bands' THEN
                   round(a.max_mark * coalesce((
                       SELECT max(band.share) FROM unnest(a.limits, a.shares) AS band("limit", share)
                       WHERE abs(max(m.value) - a.target) <= band."limit"
                   ), 0) / 100, 2)
               WHEN a.rule = 'linear' THEN
                   round(least(greatest(a.max_mark * (a.worst - max(m.value)) / (a.worst - a.best), 0), a.max_mark), 2)
               ELSE round(least(greatest(a.max_mark - a.step * max(m.value), 0), a.max_mark), 2)
           END AS mark
    FROM competitions_mark m
    JOIN competitions_aspect a ON a.id = m.aspect_id
    JOIN competitions_subcriterion p ON p.id = a.part_id
    JOIN competitions_markingscheme s ON s.id = p.scheme_id
    WHERE s.marking_id = %(marking)s AND s.state = 'frozen' AND m.is_current
    GROUP BY m.bench_id, a.id, p.state
)
INSERT INTO competitions_benchtotal (bench_id, mark, possible, all_mark, all_possible, computed_at)
SELECT b.id,
       coalesce(sum(c.mark) FILTER (WHERE c.is_confirmed), 0),
       coalesce(sum(c.max_mark) FILTER (WHERE c.is_confirmed AND c.mark IS NOT NULL), 0),
       coalesce(sum(c.mark), 0),
       coalesce(sum(c.max_mark) FILTER (WHERE c.mark IS NOT NULL), 0),
       %(now)s
FROM competitions_bench b
LEFT JOIN cells c ON c.bench_id = b.id
WHERE b.marking_id = %(marking)s
GROUP BY b.id
ON CONFLICT (bench_id) DO UPDATE SET mark = excluded.mark, possible = excluded.possible, all_mark = excluded.all_mark,
    all_possible = excluded.all_possible, computed_at = excluded.computed_at
