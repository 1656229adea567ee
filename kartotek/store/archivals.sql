-- former: what these records lost by being archived, or because the other end was, and has not come back: pairs, since
-- when they had been associated, and whether the second was the first's primary company
WITH mine AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(sources)s::kartotek.source[], %(source_ids)s::bigint[])
                    AS m(id, source, source_id)
), past AS (
    SELECT m.source, m.source_id, h.*
      FROM mine AS m JOIN kartotek.association_history AS h ON h.first = m.id WHERE h.what = 'association'
     UNION ALL
    SELECT m.source, m.source_id, h.*
      FROM mine AS m JOIN kartotek.association_history AS h ON h.second = m.id WHERE h.what = 'association'
), latest AS (
    SELECT DISTINCT ON (first, second) * FROM past ORDER BY first, second, ended DESC
)
SELECT l.first, l.second, l.first_type, l.second_type, l.began, l.ended,
       EXISTS (SELECT FROM kartotek.association_history AS p
                WHERE p.first = l.first AND p.second = l.second AND p.what = 'primary'
                  AND p.ended BETWEEN l.began AND l.ended
                  AND (p.ended_source, p.ended_source_id) IS NOT DISTINCT FROM (l.ended_source, l.ended_source_id)
       ) AS was_primary
  FROM latest AS l
 WHERE (l.ended_source = 'DELETION'
        OR (l.ended_source, l.ended_source_id) IS NOT DISTINCT FROM (l.source, l.source_id))
   AND NOT EXISTS (SELECT FROM kartotek.associations AS a WHERE a.first = l.first AND a.second = l.second)
 ORDER BY l.began, l.first, l.second;

-- former_labels: the labels that ended together with these pairs
SELECT h.first, h.second, h.type
  FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[], %(ended)s::timestamptz[]) AS i(first, second, ended)
  JOIN kartotek.association_history AS h USING (first, second, ended)
 WHERE h.what = 'label';

-- merged: which of these records are part of others now
SELECT record, survivor FROM kartotek.merges WHERE record = ANY(%(ids)s::bigint[]);

-- people: the names of those who archived
SELECT id, coalesce(nullif(concat_ws(' ', first_name, last_name), ''), email) AS name
  FROM kartotek.people WHERE id = ANY(%(ids)s::integer[]);
