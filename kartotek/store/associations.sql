-- remove: pairs and their labels end; a row of history each keeps how long they lasted
WITH gone AS (
    DELETE FROM kartotek.associations AS a
     USING unnest(%(first)s::bigint[], %(second)s::bigint[], %(first_name)s::text[], %(second_name)s::text[])
           AS i(first, second, first_name, second_name)
     WHERE a.first = i.first AND a.second = i.second
    RETURNING a.first, a.second, a.first_type, a.second_type, a.began, a.actor, a.source, a.source_id,
              i.first_name, i.second_name
), unlabelled AS (
    DELETE FROM kartotek.association_labels AS l
     USING gone
     WHERE l.first = gone.first AND l.second = gone.second
    RETURNING l.first, l.second, gone.first_type, gone.second_type, l.type, l.began, l.actor, l.source, l.source_id,
              gone.first_name, gone.second_name
), undated AS (
    DELETE FROM kartotek.association_dates AS d
     USING gone
     WHERE d.first = gone.first AND d.second = gone.second
    RETURNING d.first, d.second, gone.first_type, gone.second_type, d.starts_on, d.ends_on, d.began, d.actor, d.source,
              d.source_id, gone.first_name, gone.second_name
)
INSERT INTO kartotek.association_history
       (first, second, first_type, second_type, what, type, starts_on, ends_on, began, began_actor, began_source,
        began_source_id, first_name, second_name, ended_actor, ended_source, ended_source_id)
SELECT first, second, first_type, second_type, 'association', NULL::integer, NULL::date, NULL::date, began, actor,
       source, source_id, first_name, second_name, %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
  FROM gone
 UNION ALL
SELECT first, second, first_type, second_type, 'label', type, NULL, NULL, began, actor, source, source_id,
       first_name, second_name, %(actor)s, %(source)s, %(source_id)s
  FROM unlabelled
 UNION ALL
SELECT first, second, first_type, second_type, 'dates', NULL, starts_on, ends_on, began, actor, source, source_id,
       first_name, second_name, %(actor)s, %(source)s, %(source_id)s
  FROM undated;

-- remember_primary: a company that was the primary one of a record is so no longer
WITH given AS (
    DELETE FROM kartotek.primary_marks AS m
     USING unnest(%(first)s::bigint[], %(second)s::bigint[]) AS i(first, second)
     WHERE m.first = i.first
    RETURNING m.first, m.second, m.began, m.actor, m.source, m.source_id
)
INSERT INTO kartotek.association_history
       (first, second, first_type, second_type, what, began, began_actor, began_source, began_source_id,
        first_name, second_name, ended_actor, ended_source, ended_source_id)
SELECT i.first, i.second, i.first_type, i.second_type, 'primary',
       coalesce(g.began, a.began),
       CASE WHEN g.first IS NULL THEN a.actor ELSE g.actor END,
       CASE WHEN g.first IS NULL THEN a.source ELSE g.source END,
       CASE WHEN g.first IS NULL THEN a.source_id ELSE g.source_id END,
       i.first_name, i.second_name, %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
  FROM unnest(%(first)s::bigint[], %(second)s::bigint[], %(first_type)s::integer[], %(second_type)s::integer[],
              %(first_name)s::text[], %(second_name)s::text[])
       AS i(first, second, first_type, second_type, first_name, second_name)
  LEFT JOIN kartotek.associations AS a ON a.first = i.first AND a.second = i.second
  LEFT JOIN given AS g ON g.first = i.first AND g.second = i.second;

-- mark_primary: companies become the primary ones of records that they were associated with before
INSERT INTO kartotek.primary_marks (first, second, actor, source, source_id)
SELECT i.first, i.second, %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
  FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS i(first, second)
 WHERE i.second IS NOT NULL
    ON CONFLICT (first) DO UPDATE SET second = excluded.second, began = excluded.began, actor = excluded.actor,
       source = excluded.source, source_id = excluded.source_id;

-- unlabel: labels end, and history keeps how long they lasted
WITH gone AS (
    DELETE FROM kartotek.association_labels AS l
     USING unnest(%(first)s::bigint[], %(second)s::bigint[], %(type)s::integer[], %(first_name)s::text[],
                  %(second_name)s::text[]) AS i(first, second, type, first_name, second_name)
     WHERE l.first = i.first AND l.second = i.second AND l.type = i.type
    RETURNING l.first, l.second, l.type, l.began, l.actor, l.source, l.source_id, i.first_name, i.second_name
)
INSERT INTO kartotek.association_history
       (first, second, first_type, second_type, what, type, began, began_actor, began_source, began_source_id,
        first_name, second_name, ended_actor, ended_source, ended_source_id)
SELECT g.first, g.second, a.first_type, a.second_type, 'label', g.type, g.began, g.actor, g.source, g.source_id,
       g.first_name, g.second_name, %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
  FROM gone AS g JOIN kartotek.associations AS a ON a.first = g.first AND a.second = g.second;

-- labels_of: of the associations of one record with these: the other one, and the type as the first end sees it
SELECT second AS other, type, true AS is_first FROM kartotek.association_labels
 WHERE first = %(id)s AND second = ANY(%(others)s::bigint[])
 UNION ALL
SELECT first, type, false FROM kartotek.association_labels
 WHERE second = %(id)s AND first = ANY(%(others)s::bigint[])
 ORDER BY type;

-- seconds_of: what a record is associated with, of one type, its own id being the first end
SELECT a.id, a.began, a.source::text, a.source_id, d.starts_on, d.ends_on
  FROM (SELECT first, second AS id, began, source, source_id
          FROM kartotek.associations
         WHERE first = %(id)s AND second_type = %(other)s
         ORDER BY began, second
         LIMIT %(limit)s OFFSET %(offset)s) AS a
  LEFT JOIN kartotek.association_dates AS d ON d.first = a.first AND d.second = a.id
 ORDER BY a.began, a.id;

-- firsts_of: the same, its own id being the second end
SELECT a.id, a.began, a.source::text, a.source_id, d.starts_on, d.ends_on
  FROM (SELECT first AS id, second, began, source, source_id
          FROM kartotek.associations
         WHERE second = %(id)s AND first_type = %(other)s
         ORDER BY began DESC, first DESC
         LIMIT %(limit)s OFFSET %(offset)s) AS a
  LEFT JOIN kartotek.association_dates AS d ON d.first = a.id AND d.second = a.second
 ORDER BY a.began DESC, a.id DESC;

-- counts_of: how many records of each type a record is associated with
SELECT other, sum(n)::bigint AS n
  FROM (SELECT second_type AS other, count(*) AS n FROM kartotek.associations WHERE first = %(id)s GROUP BY 1
         UNION ALL
        SELECT first_type, count(*) FROM kartotek.associations WHERE second = %(id)s GROUP BY 1) AS both_ends
 GROUP BY other;

-- counts_for: per record how many of one type it is associated with, and the one there is when there is one
SELECT i.id, count(a.other) AS n, min(a.other) AS other
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT second AS other FROM kartotek.associations WHERE first = i.id AND second_type = %(other)s
         UNION ALL
        SELECT first FROM kartotek.associations WHERE second = i.id AND first_type = %(other)s
       ) AS a
 GROUP BY i.id;

-- label_counts: per record how many of its associations carry a label: the first ends as one type, the second ones as
-- its turn (which is the same where both ends see the same)
SELECT i.id, count(*) AS n
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT FROM kartotek.association_labels AS l WHERE l.first = i.id AND l.type = %(type)s
         UNION ALL
        SELECT FROM kartotek.associations AS a
          JOIN kartotek.association_labels AS l ON l.first = a.first AND l.second = a.second AND l.type = %(turned)s
         WHERE a.second = i.id
       ) AS labelled
 GROUP BY i.id;

-- ancestry: the parents of companies, the parents of those, up to the top. Type 13 stands at the parent's end
WITH RECURSIVE up AS (
    SELECT CASE WHEN type = 13 THEN second ELSE first END AS child,
           CASE WHEN type = 13 THEN first ELSE second END AS parent
      FROM kartotek.association_labels
     WHERE type IN (13, 14) AND CASE WHEN type = 13 THEN second ELSE first END = ANY(%(ids)s::bigint[])
     UNION
    SELECT CASE WHEN l.type = 13 THEN l.second ELSE l.first END, CASE WHEN l.type = 13 THEN l.first ELSE l.second END
      FROM up
      JOIN kartotek.association_labels AS l
        ON l.type IN (13, 14) AND CASE WHEN l.type = 13 THEN l.second ELSE l.first END = up.parent
)
SELECT child, parent FROM up;

-- families: every parent company
SELECT CASE WHEN type = 13 THEN second ELSE first END AS child, CASE WHEN type = 13 THEN first ELSE second END AS parent
  FROM kartotek.association_labels
 WHERE type IN (13, 14)
 ORDER BY began;
