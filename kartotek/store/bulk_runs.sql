-- begin: a run over records that follow as its parts
INSERT INTO kartotek.bulk_runs (kind, object_type, person, what, rows, undoes)
VALUES (%(kind)s, %(object_type)s, %(person)s, %(what)s, %(rows)s, %(undoes)s)
ON CONFLICT (undoes) WHERE undoes IS NOT NULL DO NOTHING
RETURNING id;

-- find: this one, or those of a person (or of everybody), the newest first
SELECT r.id, r.kind, t.name AS object_type, r.what, r.person, r.rows, r.cancelled, r.message, u.id AS undone,
       r.created, r.finished, coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name,
       coalesce((r.summed ->> 'done')::bigint, d.done, 0)::bigint AS done,
       coalesce(r.summed -> 'counts', d.counts, '{}') AS counts, r.summed IS NOT NULL AS summed
  FROM kartotek.bulk_runs AS r
  JOIN kartotek.object_types AS t ON t.number = r.object_type
  LEFT JOIN kartotek.people AS p ON p.id = r.person
  LEFT JOIN kartotek.bulk_runs AS u ON u.undoes = r.id
 CROSS JOIN LATERAL (
        SELECT (SELECT sum(cardinality(b.records)) FROM kartotek.bulk_parts AS b
                 WHERE b.run = r.id AND b.outcomes IS NOT NULL) AS done,
               (SELECT jsonb_object_agg(e.name, e.n)
                  FROM (SELECT c.key AS name, sum(c.value::bigint) AS n
                          FROM kartotek.bulk_parts AS b CROSS JOIN LATERAL jsonb_each_text(b.counts) AS c
                         WHERE b.run = r.id GROUP BY c.key) AS e) AS counts
       ) AS d
 WHERE (%(id)s::bigint IS NULL OR r.id = %(id)s) AND (%(person)s::integer IS NULL OR r.person = %(person)s)
 ORDER BY r.id DESC LIMIT %(limit)s;

-- running: the runs of a person that are not done yet
SELECT r.id, r.rows,
       (SELECT coalesce(sum(cardinality(b.records)), 0) FROM kartotek.bulk_parts AS b
         WHERE b.run = r.id AND b.outcomes IS NOT NULL)::bigint AS done
  FROM kartotek.bulk_runs AS r WHERE r.person = %(person)s AND r.finished IS NULL ORDER BY r.id;

-- claim: held until the batch is done; another worker waits here
SELECT kind, object_type, person, what, cancelled, finished FROM kartotek.bulk_runs WHERE id = %(id)s FOR UPDATE;

-- next: the first part that is not done
SELECT part, records FROM kartotek.bulk_parts WHERE run = %(id)s AND outcomes IS NULL ORDER BY part LIMIT 1;

-- done: what became of a part
UPDATE kartotek.bulk_parts SET outcomes = %(outcomes)s, counts = %(counts)s WHERE run = %(id)s AND part = %(part)s;

-- cancel: it stops before its next part
UPDATE kartotek.bulk_runs SET cancelled = true WHERE id = %(id)s AND finished IS NULL;

-- finish: nothing is left, or it is not to go on
UPDATE kartotek.bulk_runs SET finished = now(), message = %(message)s WHERE id = %(id)s AND finished IS NULL;

-- refused: the first records to which it was not done for this reason
SELECT u.record
  FROM kartotek.bulk_parts AS b CROSS JOIN LATERAL unnest(b.records, string_to_array(b.outcomes, NULL)) AS u(record, outcome)
 WHERE b.run = %(id)s AND u.outcome = %(why)s
 ORDER BY b.part, u.record LIMIT %(limit)s;

-- sum_up: of what ended so long ago, how many are kept, and not which
WITH old AS (
    SELECT id FROM kartotek.bulk_runs WHERE summed IS NULL AND finished < now() - make_interval(days => %(days)s)
), gone AS (
    DELETE FROM kartotek.bulk_parts WHERE run IN (SELECT id FROM old) RETURNING run, records, outcomes, counts
), done AS (
    SELECT run, sum(cardinality(records)) AS done FROM gone WHERE outcomes IS NOT NULL GROUP BY run
), counted AS (
    SELECT run, jsonb_object_agg(name, n) AS counts
      FROM (SELECT g.run, c.key AS name, sum(c.value::bigint) AS n
              FROM gone AS g CROSS JOIN LATERAL jsonb_each_text(g.counts) AS c GROUP BY 1, 2) AS e GROUP BY run
)
UPDATE kartotek.bulk_runs AS r
   SET summed = jsonb_build_object('done', coalesce(d.done, 0), 'counts', coalesce(c.counts, '{}'))
  FROM old LEFT JOIN done AS d ON d.run = old.id LEFT JOIN counted AS c ON c.run = old.id
 WHERE r.id = old.id;
