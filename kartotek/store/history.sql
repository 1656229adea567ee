-- of: what was changed in one record, newest first, with the names of those who did
SELECT c.at, c.old, c.source::text, c.source_id, c.actor AS person,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS actor
  FROM kartotek.changes AS c
  LEFT JOIN kartotek.people AS p ON p.id = c.actor
 WHERE c.record = %(record)s
 ORDER BY c.at DESC, c.ctid DESC;

-- links: associations of these records (one, and those merged into it) with others of a type, as they were made
-- (place 0) and removed (place 1), newest first from a place on. Each part brings no more than the page asks for: what
-- was made after the last removal that the page has room for was removed later still, and stands among those.
SELECT e.mine, e.other, e.place, e.at, e.source::text, e.source_id, e.name, e.person,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS actor
  FROM (
    SELECT part.*
      FROM unnest(%(records)s::bigint[]) AS r(id)
     CROSS JOIN LATERAL (
           SELECT coalesce((SELECT h.ended FROM kartotek.association_history AS h
                             WHERE h.second = r.id AND h.first_type = %(type)s AND h.what = 'association'
                               AND (h.ended, h.first, 1) < (%(at)s::timestamptz, %(other)s::bigint, %(place)s::integer)
                             ORDER BY h.ended DESC LIMIT 1 OFFSET %(limit)s - 1), '-infinity') AS second,
                  coalesce((SELECT h.ended FROM kartotek.association_history AS h
                             WHERE h.first = r.id AND h.second_type = %(type)s AND h.what = 'association'
                               AND (h.ended, h.second, 1) < (%(at)s::timestamptz, %(other)s::bigint, %(place)s::integer)
                             ORDER BY h.ended DESC LIMIT 1 OFFSET %(limit)s - 1), '-infinity') AS first
          ) AS since
     CROSS JOIN LATERAL (
        (SELECT a.second AS mine, a.first AS other, 0 AS place, a.began AS at, a.source, a.source_id, a.actor AS person,
                NULL AS name
           FROM kartotek.associations AS a
          WHERE a.second = r.id AND a.first_type = %(type)s
            AND (a.began, a.first, 0) < (%(at)s::timestamptz, %(other)s::bigint, %(place)s::integer)
          ORDER BY a.began DESC, a.first DESC LIMIT %(limit)s)
         UNION ALL
        (SELECT a.first, a.second, 0, a.began, a.source, a.source_id, a.actor, NULL
           FROM kartotek.associations AS a
          WHERE a.first = r.id AND a.second_type = %(type)s
            AND (a.began, a.second, 0) < (%(at)s::timestamptz, %(other)s::bigint, %(place)s::integer)
          ORDER BY a.began DESC, a.second DESC LIMIT %(limit)s)
         UNION ALL
        (SELECT h.second, h.first, 0, h.began, h.began_source, h.began_source_id, h.began_actor, h.first_name
           FROM kartotek.association_history AS h
          WHERE h.second = r.id AND h.first_type = %(type)s AND h.what = 'association' AND h.ended >= since.second
            AND (h.began, h.first, 0) < (%(at)s::timestamptz, %(other)s::bigint, %(place)s::integer)
          ORDER BY h.began DESC, h.first DESC LIMIT %(limit)s)
         UNION ALL
        (SELECT h.second, h.first, 1, h.ended, h.ended_source, h.ended_source_id, h.ended_actor, h.first_name
           FROM kartotek.association_history AS h
          WHERE h.second = r.id AND h.first_type = %(type)s AND h.what = 'association' AND h.ended >= since.second
            AND (h.ended, h.first, 1) < (%(at)s::timestamptz, %(other)s::bigint, %(place)s::integer)
          ORDER BY h.ended DESC, h.first DESC LIMIT %(limit)s)
         UNION ALL
        (SELECT h.first, h.second, 0, h.began, h.began_source, h.began_source_id, h.began_actor, h.second_name
           FROM kartotek.association_history AS h
          WHERE h.first = r.id AND h.second_type = %(type)s AND h.what = 'association' AND h.ended >= since.first
            AND (h.began, h.second, 0) < (%(at)s::timestamptz, %(other)s::bigint, %(place)s::integer)
          ORDER BY h.began DESC, h.second DESC LIMIT %(limit)s)
         UNION ALL
        (SELECT h.first, h.second, 1, h.ended, h.ended_source, h.ended_source_id, h.ended_actor, h.second_name
           FROM kartotek.association_history AS h
          WHERE h.first = r.id AND h.second_type = %(type)s AND h.what = 'association' AND h.ended >= since.first
            AND (h.ended, h.second, 1) < (%(at)s::timestamptz, %(other)s::bigint, %(place)s::integer)
          ORDER BY h.ended DESC, h.second DESC LIMIT %(limit)s)
       ) AS part
     ORDER BY at DESC, other DESC, place DESC LIMIT %(limit)s
  ) AS e
  LEFT JOIN kartotek.people AS p ON p.id = e.person
 ORDER BY e.at DESC, e.other DESC, e.place DESC;

-- stretches: from when to when pairs were associated, labelled and marked as primary, ended or not; of every pair that
-- one of these records is an end of, or of those with one other record
WITH mine AS (
    SELECT a.* FROM kartotek.associations AS a WHERE a.first = ANY(%(records)s::bigint[])
     UNION
    SELECT a.* FROM kartotek.associations AS a WHERE a.second = ANY(%(records)s::bigint[])
), past AS (
    SELECT h.* FROM kartotek.association_history AS h WHERE h.first = ANY(%(records)s::bigint[])
     UNION ALL
    SELECT h.* FROM kartotek.association_history AS h
     WHERE h.second = ANY(%(records)s::bigint[]) AND NOT h.first = ANY(%(records)s::bigint[])
), every AS (
    SELECT first, second, first_type, second_type, 'association' AS what, NULL::integer AS type,
           began, actor AS began_actor, source AS began_source, source_id AS began_source_id,
           NULL::timestamptz AS ended, NULL::integer AS ended_actor, NULL::kartotek.source AS ended_source,
           NULL::bigint AS ended_source_id, NULL::text AS first_name, NULL::text AS second_name,
           NULL::date AS starts_on, NULL::date AS ends_on
      FROM mine
     UNION ALL
    SELECT l.first, l.second, m.first_type, m.second_type, 'label', l.type, l.began, l.actor, l.source, l.source_id,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM kartotek.association_labels AS l JOIN mine AS m ON m.first = l.first AND m.second = l.second
     UNION ALL
    SELECT d.first, d.second, m.first_type, m.second_type, 'dates', NULL, d.began, d.actor, d.source, d.source_id,
           NULL, NULL, NULL, NULL, NULL, NULL, d.starts_on, d.ends_on
      FROM kartotek.association_dates AS d JOIN mine AS m ON m.first = d.first AND m.second = d.second
     UNION ALL
    SELECT h.first, h.second, h.first_type, h.second_type, h.what, h.type, h.began, h.began_actor, h.began_source,
           h.began_source_id, h.ended, h.ended_actor, h.ended_source, h.ended_source_id, h.first_name, h.second_name,
           h.starts_on, h.ends_on
      FROM past AS h
)
SELECT e.first, e.second, e.first_type, e.second_type, e.what, e.type, e.began, e.began_source::text, e.began_source_id,
       e.ended, e.ended_source::text, e.ended_source_id, e.first_name, e.second_name, e.starts_on, e.ends_on,
       e.began_actor, coalesce(nullif(concat_ws(' ', b.first_name, b.last_name), ''), b.email) AS began_name,
       e.ended_actor, coalesce(nullif(concat_ws(' ', d.first_name, d.last_name), ''), d.email) AS ended_name
  FROM every AS e
  LEFT JOIN kartotek.people AS b ON b.id = e.began_actor
  LEFT JOIN kartotek.people AS d ON d.id = e.ended_actor
 WHERE %(others)s::bigint[] IS NULL
    OR e.first = ANY(%(others)s::bigint[]) OR e.second = ANY(%(others)s::bigint[])
 ORDER BY e.began, e.ended NULLS LAST, e.first, e.second, e.what, e.type;

-- marks: since when these records have the primary company that they have, where it was given later than associated
SELECT m.first, m.second, m.began, m.source::text, m.source_id, m.actor,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS name
  FROM kartotek.primary_marks AS m
  LEFT JOIN kartotek.people AS p ON p.id = m.actor
 WHERE m.first = ANY(%(records)s::bigint[]);

-- files: the files of these imports by name; of each source that they read, in which of them it is, and how many lines
-- the sources before it have
SELECT i.id, i.lines,
       (SELECT array_agg(f.name ORDER BY u.place) FROM unnest(i.files) WITH ORDINALITY AS u(id, place)
          JOIN kartotek.files AS f ON f.id = u.id) AS names,
       (SELECT array_agg((s.value ->> 'file')::integer ORDER BY s.ordinality)
          FROM jsonb_array_elements(i.plan -> 'sources') WITH ORDINALITY AS s) AS sources
  FROM kartotek.imports AS i
 WHERE i.id = ANY(%(imports)s::bigint[]);

-- lines: on which lines of these imports these records of a type stand. A batch none of them can be in is not read.
SELECT o.import, u.record, array_agg(DISTINCT u.line ORDER BY u.line) AS lines
  FROM kartotek.import_outcomes AS o
 CROSS JOIN LATERAL unnest(o.lines, o.records) AS u(line, record)
 WHERE o.import = ANY(%(imports)s::bigint[]) AND o.object_type = %(type)s
   AND EXISTS (SELECT FROM unnest(%(records)s::bigint[]) AS w(id) WHERE w.id BETWEEN o.lowest AND o.highest)
   AND u.record = ANY(%(records)s::bigint[])
 GROUP BY o.import, u.record;

-- merged: the records that became part of this one
SELECT record FROM kartotek.merges WHERE survivor = %(record)s ORDER BY at;
-- links_at: what a record was associated with at a moment: of each type the newest few and the primary company,
-- and how many there were
SELECT e.other, e.type, e.began, e.source::text, e.source_id, e.name, e.n
  FROM (
    SELECT d.*, count(*) OVER (PARTITION BY d.type) AS n,
           row_number() OVER (
             PARTITION BY d.type ORDER BY d.other = %(primary)s::bigint DESC, d.began DESC, d.other DESC
           ) AS place
      FROM (
        SELECT DISTINCT ON (other) other, type, began, source, source_id, name
          FROM (
            SELECT second AS other, second_type AS type, began, source, source_id, NULL AS name
              FROM kartotek.associations WHERE first = %(record)s AND began <= %(at)s
             UNION ALL
            SELECT first, first_type, began, source, source_id, NULL
              FROM kartotek.associations WHERE second = %(record)s AND began <= %(at)s
             UNION ALL
            SELECT second, second_type, began, coalesce(began_source, 'UNKNOWN'), began_source_id, second_name
              FROM kartotek.association_history
             WHERE first = %(record)s AND what = 'association' AND began <= %(at)s AND ended > %(at)s
             UNION ALL
            SELECT first, first_type, began, coalesce(began_source, 'UNKNOWN'), began_source_id, first_name
              FROM kartotek.association_history
             WHERE second = %(record)s AND what = 'association' AND began <= %(at)s AND ended > %(at)s
          ) AS stood
         ORDER BY other, began DESC
      ) AS d
  ) AS e
 WHERE e.place <= %(limit)s
 ORDER BY e.type, e.began DESC, e.other DESC;

-- labels_at: which labels these pairs had at a moment
SELECT l.first, l.second, l.type
  FROM kartotek.association_labels AS l
  JOIN unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS i(first, second) USING (first, second)
 WHERE l.began <= %(at)s
 UNION
SELECT h.first, h.second, h.type
  FROM kartotek.association_history AS h
  JOIN unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS i(first, second) USING (first, second)
 WHERE h.what = 'label' AND h.began <= %(at)s AND h.ended > %(at)s;

-- dates_at: from when until when these pairs held, as was said at a moment
SELECT d.first, d.second, d.starts_on, d.ends_on
  FROM kartotek.association_dates AS d
  JOIN unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS i(first, second) USING (first, second)
 WHERE d.began <= %(at)s
 UNION
SELECT h.first, h.second, h.starts_on, h.ends_on
  FROM kartotek.association_history AS h
  JOIN unnest(%(firsts)s::bigint[], %(seconds)s::bigint[]) AS i(first, second) USING (first, second)
 WHERE h.what = 'dates' AND h.began <= %(at)s AND h.ended > %(at)s;

-- primary_at: which company was the primary one of a record at a moment, of those that are so no longer
SELECT second FROM kartotek.association_history
 WHERE first = %(record)s AND what = 'primary' AND began <= %(at)s AND ended > %(at)s
 ORDER BY began DESC LIMIT 1;

-- primary_since: since when a record has the primary company that it has, or had when it was archived
SELECT coalesce(
    (SELECT began FROM kartotek.primary_marks WHERE first = %(record)s AND second = %(company)s),
    (SELECT began FROM kartotek.associations WHERE first = %(record)s AND second = %(company)s),
    (SELECT max(began) FROM kartotek.association_history
      WHERE first = %(record)s AND second = %(company)s AND what = 'association')) AS began;

-- archived_at: whether a record that was restored since was archived at a moment
SELECT archived FROM kartotek.archivals WHERE record = %(record)s AND archived <= %(at)s AND restored > %(at)s;


-- person: what somebody is called
SELECT coalesce(nullif(concat_ws(' ', first_name, last_name), ''), email) AS name
  FROM kartotek.people WHERE id = %(person)s::integer;
