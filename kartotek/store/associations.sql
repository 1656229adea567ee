-- remove: pairs and their labels end; a row of history each keeps how long they lasted
WITH gone AS (
    DELETE FROM kartotek.associations AS a
     USING unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS i(first, second)
     WHERE a.first = i.first AND a.second = i.second
    RETURNING a.*
), unlabelled AS (
    DELETE FROM kartotek.association_labels AS l
     USING gone
     WHERE l.first = gone.first AND l.second = gone.second
    RETURNING l.*, gone.first_type, gone.second_type
), kept AS (
    INSERT INTO kartotek.association_history
           (first, second, first_type, second_type, what, type, began, began_actor, began_source, began_source_id,
            ended_actor, ended_source, ended_source_id)
    SELECT first, second, first_type, second_type, 'association', NULL, began, actor, source, source_id,
           %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
      FROM gone
     UNION ALL
    SELECT first, second, first_type, second_type, 'label', type, began, actor, source, source_id,
           %(actor)s, %(source)s, %(source_id)s
      FROM unlabelled
)
SELECT 1 FROM gone;

-- remember_primary: a company that was the primary one of a record is so no longer
INSERT INTO kartotek.association_history
       (first, second, first_type, second_type, what, began, began_actor, began_source, began_source_id,
        ended_actor, ended_source, ended_source_id)
SELECT i.first, i.second, %(first_type)s, 2, 'primary', a.began, a.actor, a.source, a.source_id,
       %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
  FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS i(first, second)
  LEFT JOIN kartotek.associations AS a ON a.first = i.first AND a.second = i.second;

-- seconds_of: what a record is associated with, of one type, its own id being the first end
SELECT second AS id, began, source::text, source_id
  FROM kartotek.associations
 WHERE first = %(id)s AND second_type = %(other)s
 ORDER BY began, second
 LIMIT %(limit)s OFFSET %(offset)s;

-- firsts_of: the same, its own id being the second end
SELECT first AS id, began, source::text, source_id
  FROM kartotek.associations
 WHERE second = %(id)s AND first_type = %(other)s
 ORDER BY first DESC
 LIMIT %(limit)s OFFSET %(offset)s;

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
