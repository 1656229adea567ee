-- known: by which properties of each type every record stands in the directory
SELECT object_type, properties FROM kartotek.words_known;

-- note_known: by these
INSERT INTO kartotek.words_known (object_type, properties) VALUES (%(object_type)s, %(properties)s::text[])
    ON CONFLICT (object_type) DO UPDATE SET properties = excluded.properties;

-- forget_known: of none any more
DELETE FROM kartotek.words_known WHERE object_type = %(object_type)s;

-- hold: alone with what stands in the directory, until the transaction ends; who adds a part is in nobody's way
SELECT pg_advisory_xact_lock(1263424329);

-- hold_reading: alone with reading words that are due, which does not wait for parts to be put together
SELECT pg_advisory_xact_lock(1263424399);

-- hold_line: alone with putting the job in line
SELECT pg_advisory_xact_lock(1263424398);

-- next_part: of a type, behind this one
SELECT min(part) AS part FROM kartotek.word_parts WHERE object_type = %(object_type)s AND part > %(after)s;

-- forget: stretches that name these records, in all parts or in one, are written anew without them
WITH touched AS (
    DELETE FROM kartotek.words AS w
     USING kartotek.word_parts AS p
     WHERE p.object_type = %(object_type)s AND w.part = p.part AND (%(part)s::bigint IS NULL OR p.part = %(part)s)
       AND EXISTS (SELECT FROM unnest(w.records) AS r(record) WHERE r.record = ANY(%(ids)s::bigint[]))
    RETURNING w.part, w.first, w.last, w.words, w.records
), said AS (
    SELECT t.part, t.first, t.last, coalesce(u.word, t.last) AS word, u.record, u.place
      FROM touched AS t
     CROSS JOIN LATERAL unnest(t.words, t.records) WITH ORDINALITY AS u(word, record, place)
     WHERE NOT u.record = ANY(%(ids)s::bigint[])
)
INSERT INTO kartotek.words (part, first, last, size, words, records)
SELECT part, min(word), max(word), count(*), array_agg(word ORDER BY word, place), array_agg(record ORDER BY word, place)
  FROM said
 GROUP BY part, first, last;

-- to_merge: of each type the parts of about one size, where there are enough of them
SELECT array_agg(part ORDER BY part) AS parts
  FROM (SELECT part, object_type, size, floor(log(8, greatest(size, 8))) AS class,
               sum(size) OVER (PARTITION BY object_type, floor(log(8, greatest(size, 8))) ORDER BY part) AS so_far
          FROM kartotek.word_parts) AS p
 WHERE so_far <= %(largest)s
 GROUP BY object_type, class
HAVING count(*) >= %(many)s;

-- head: what a part is about
SELECT object_type FROM kartotek.word_parts WHERE part = %(part)s;

-- remove: parts, with their words
WITH heads AS (
    DELETE FROM kartotek.word_parts WHERE part = ANY(%(parts)s::bigint[])
)
DELETE FROM kartotek.words WHERE part = ANY(%(parts)s::bigint[]);

-- count: how many words of the directory begin so, of each type; beyond `most` stretches of a part they do not count
SELECT p.object_type, w.place::integer, sum(n.size)::bigint AS size, sum(n.stretches)::bigint AS stretches,
       count(*) AS parts
  FROM unnest(%(words)s::text[]) WITH ORDINALITY AS w(word, place)
 CROSS JOIN kartotek.word_parts AS p
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(size), 0) AS size, count(*) AS stretches
         FROM (SELECT size FROM kartotek.words AS s
                WHERE s.part = p.part AND s.last >= w.word AND s.last < w.word || chr(1114111)
                LIMIT %(most)s) AS few) AS n
 WHERE p.object_type = ANY(%(types)s::integer[])
 GROUP BY p.object_type, w.place;

-- candidates: which records may have all the words that begin so, of each type and `way` of looking; those with the very
-- words first, then those written last. Of each part `most` stretches are read, of each stretch the last `width` words. A
-- part's last stretch that begins before the end of what is asked may end behind it.
WITH asked AS (
    SELECT * FROM unnest(%(types)s::integer[], %(ways)s::integer[], %(places)s::integer[], %(words)s::text[],
                         %(mosts)s::integer[], %(widths)s::integer[], %(needs)s::integer[])
               AS a(object_type, way, place, word, most, width, needs)
), said AS (
    SELECT a.object_type, a.way, a.place, a.needs, u.record, coalesce(u.word, s.last) = a.word AS exact, p.part
      FROM asked AS a
      JOIN kartotek.word_parts AS p ON p.object_type = a.object_type
     CROSS JOIN LATERAL (
           (SELECT last, size, words, records FROM kartotek.words AS s
             WHERE s.part = p.part AND s.last >= a.word AND s.last < a.word || chr(1114111)
             ORDER BY s.last, s.first LIMIT a.most)
            UNION ALL
           SELECT last, size, words, records
             FROM (SELECT first, last, size, words, records FROM kartotek.words AS s
                    WHERE s.part = p.part AND s.last >= a.word || chr(1114111)
                    ORDER BY s.last, s.first LIMIT 1) AS next
            WHERE first < a.word || chr(1114111)) AS s
     CROSS JOIN LATERAL unnest(s.words[s.size - a.width + 1:], s.records[s.size - a.width + 1:]) AS u(word, record)
     WHERE coalesce(u.word, s.last) >= a.word AND coalesce(u.word, s.last) < a.word || chr(1114111)
), found AS (
    SELECT object_type, way, record, bool_and(exact) AS exact, max(part) AS part
      FROM said
     GROUP BY object_type, way, record
    HAVING bit_or(1 << place) = max(needs)
)
SELECT object_type, way, array_agg(record ORDER BY place) AS ids
  FROM (SELECT object_type, way, record,
               row_number() OVER (PARTITION BY object_type, way ORDER BY exact DESC, part DESC, record DESC) AS place
          FROM found) AS f
 WHERE place <= %(limit)s
 GROUP BY object_type, way;

-- having: how many records of a type may have all the words that begin so, the newest of them, and all if they are not too
-- many; as literals, since nobody but the next query reads them
WITH asked AS (
    SELECT word, place FROM unnest(%(words)s::text[]) WITH ORDINALITY AS a(word, place)
), said AS (
    SELECT a.place,
           unnest(CASE WHEN s.first >= a.word AND s.last < a.word || chr(1114111) THEN s.records
                       ELSE ARRAY(SELECT u.record FROM unnest(s.words, s.records) AS u(word, record)
                                   WHERE coalesce(u.word, s.last) >= a.word
                                     AND coalesce(u.word, s.last) < a.word || chr(1114111)) END) AS record
      FROM asked AS a
      JOIN kartotek.word_parts AS p ON p.object_type = %(object_type)s
     CROSS JOIN LATERAL (
           SELECT first, last, words, records FROM kartotek.words AS s
            WHERE s.part = p.part AND s.last >= a.word AND s.last < a.word || chr(1114111)
            UNION ALL
           (SELECT first, last, words, records FROM kartotek.words AS s
             WHERE s.part = p.part AND s.last >= a.word || chr(1114111)
             ORDER BY s.last, s.first LIMIT 1)) AS s
)
SELECT cardinality(ids) AS many, ids[:%(newest)s]::text AS newest,
       CASE WHEN cardinality(ids) <= %(most)s THEN ids::text END AS every
  FROM (SELECT ARRAY(SELECT record FROM said GROUP BY record HAVING bit_or(1 << (place::integer - 1)) = %(needs)s
                      ORDER BY record DESC) AS ids OFFSET 0) AS had;

-- is_behind: a row when words have been due for so many seconds, and somebody may be told so
SELECT 1 AS one FROM kartotek.words_due
 WHERE current_setting('transaction_read_only') = 'off'
   AND written NOT BETWEEN clock_timestamp() - make_interval(secs => %(seconds)s) AND clock_timestamp()
 LIMIT 1;

-- next_due: records that were written together so many seconds ago, in runs of their ids; they are due no more. Such as are
-- yet to come are from before the clock was put back.
WITH gone AS (
    DELETE FROM kartotek.words_due
     WHERE id = (SELECT min(id) FROM kartotek.words_due
                  WHERE written NOT BETWEEN clock_timestamp() - make_interval(secs => %(seconds)s) AND clock_timestamp())
    RETURNING object_type, records
)
SELECT g.object_type, array_agg(lower(r.ids)) AS firsts, array_agg(upper(r.ids)) AS ends
  FROM gone AS g CROSS JOIN LATERAL unnest(g.records) AS r(ids)
 GROUP BY g.object_type;
