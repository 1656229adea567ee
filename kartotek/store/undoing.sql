-- start: an import is to be taken back; one that failed goes on. No row when it is under way or done
INSERT INTO kartotek.undos AS u (import, person, state) VALUES (%(import)s, %(person)s, 'STARTED')
    ON CONFLICT (import) DO UPDATE SET state = 'STARTED', person = excluded.person, message = NULL, finished = NULL
 WHERE u.state = 'FAILED'
RETURNING import;

-- of: the undos of these imports
SELECT u.import, u.person, u.state, u.message, u.created, u.finished, i.position AS rows,
       i.position - greatest(least(coalesce(u.position, i.position), i.position), 0) AS done,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name
  FROM kartotek.undos AS u
  JOIN kartotek.imports AS i ON i.id = u.import
  LEFT JOIN kartotek.people AS p ON p.id = u.person
 WHERE u.import = ANY(%(imports)s);

-- running: undos under way, for the ring on every page
SELECT u.import AS id, i.name, i.position AS rows, u.state,
       i.position - greatest(least(coalesce(u.position, i.position), i.position), 0) AS position
  FROM kartotek.undos AS u JOIN kartotek.imports AS i ON i.id = u.import
 WHERE u.state IN ('STARTED', 'PROCESSING') ORDER BY u.created;

-- object_types: the numbers of those that an import has had to do with
SELECT DISTINCT object_type FROM kartotek.import_outcomes WHERE import = %(import)s;

-- positions: where its batches begin, in the order in which they are taken back; what followed of them by domain is
-- behind the last row
SELECT position FROM kartotek.import_outcomes WHERE import = %(import)s
 UNION
SELECT i.position + 1 + d.position FROM kartotek.import_domains AS d JOIN kartotek.imports AS i ON i.id = d.import
 WHERE d.import = %(import)s AND d.companies IS NOT NULL
 ORDER BY position DESC;

-- claim: held until the batch is taken back; another worker waits here, and then finds it moved on. As with an import's
-- batches, the commit need not wait for the disk
SELECT position, state, set_config('synchronous_commit', 'off', true) FROM kartotek.undos WHERE import = %(import)s FOR UPDATE;

-- advance: a batch is taken back
UPDATE kartotek.undos SET position = %(position)s, state = 'PROCESSING', seen = now() WHERE import = %(import)s;

-- finish: it has ended, one way or the other
UPDATE kartotek.undos SET state = %(state)s, message = %(message)s, finished = now(), seen = now()
 WHERE import = %(import)s AND state IN ('STARTED', 'PROCESSING');

-- add_batch: what became of a batch
INSERT INTO kartotek.undo_batches (import, position, counts) VALUES (%(import)s, %(position)s, %(counts)s);

-- counts: all batches together, by what they count ("contacts.archived")
SELECT c.key AS what, sum(c.value::bigint)::bigint AS n
  FROM kartotek.undo_batches AS b CROSS JOIN LATERAL jsonb_each_text(b.counts) AS c
 WHERE b.import = %(import)s GROUP BY c.key;

-- remainders: what stays, in the order of the records
SELECT object_type, record, property, why, other, value FROM kartotek.undo_remainders
 WHERE import = %(import)s ORDER BY record, property NULLS FIRST, why, other
 LIMIT %(limit)s OFFSET %(offset)s;

-- remainder_counts: how much stays, by property and reason
SELECT object_type, property, why, count(*) AS n FROM kartotek.undo_remainders
 WHERE import = %(import)s GROUP BY object_type, property, why ORDER BY count(*) DESC, object_type, property, why;

-- links_made: how many associations of the import are there still
SELECT count(*) AS n FROM kartotek.associations WHERE source IN ('IMPORT', 'DOMAIN') AND source_id = %(import)s;

-- relink: associations that the import ended begin again where they were, as they were
INSERT INTO kartotek.associations (first, second, first_type, second_type, began, actor, source, source_id)
SELECT h.first, h.second, h.first_type, h.second_type, h.began, h.began_actor, coalesce(h.began_source, 'UNKNOWN'), h.began_source_id
  FROM kartotek.association_history AS h
  JOIN unnest(%(first)s::bigint[], %(second)s::bigint[]) AS i(first, second) USING (first, second)
 WHERE h.what = 'association' AND h.ended_source = 'IMPORT' AND h.ended_source_id = %(import)s
   AND (h.began_source, h.began_source_id) IS DISTINCT FROM ('IMPORT', %(import)s)
    ON CONFLICT DO NOTHING;

-- relabel: the same for labels
INSERT INTO kartotek.association_labels (first, second, type, began, actor, source, source_id)
SELECT h.first, h.second, h.type, h.began, h.began_actor, coalesce(h.began_source, 'UNKNOWN'), h.began_source_id
  FROM kartotek.association_history AS h
  JOIN unnest(%(first)s::bigint[], %(second)s::bigint[], %(type)s::integer[]) AS i(first, second, type) USING (first, second, type)
 WHERE h.what = 'label' AND h.ended_source = 'IMPORT' AND h.ended_source_id = %(import)s
   AND (h.began_source, h.began_source_id) IS DISTINCT FROM ('IMPORT', %(import)s)
    ON CONFLICT DO NOTHING;

-- unlabel: labels that the import set end, and history keeps how long they lasted
WITH gone AS (
    DELETE FROM kartotek.association_labels AS l
     USING unnest(%(first)s::bigint[], %(second)s::bigint[], %(type)s::integer[], %(first_name)s::text[], %(second_name)s::text[])
           AS i(first, second, type, first_name, second_name)
     WHERE l.first = i.first AND l.second = i.second AND l.type = i.type
    RETURNING l.first, l.second, l.type, l.began, l.actor, l.source, l.source_id, i.first_name, i.second_name
)
INSERT INTO kartotek.association_history
       (first, second, first_type, second_type, what, type, began, began_actor, began_source, began_source_id,
        first_name, second_name, ended_actor, ended_source, ended_source_id)
SELECT g.first, g.second, a.first_type, a.second_type, 'label', g.type, g.began, g.actor, g.source, g.source_id,
       g.first_name, g.second_name, %(actor)s::integer, 'UNDO', %(import)s
  FROM gone AS g JOIN kartotek.associations AS a ON a.first = g.first AND a.second = g.second;

-- types_beside: of pairs of records that are associated, given either way round, or were, the type of the second
SELECT i.one, i.other, a.second_type AS type
  FROM unnest(%(ones)s::bigint[], %(others)s::bigint[]) AS i(one, other)
  JOIN kartotek.associations AS a ON a.first = i.one AND a.second = i.other
 UNION
SELECT i.one, i.other, a.first_type
  FROM unnest(%(ones)s::bigint[], %(others)s::bigint[]) AS i(one, other)
  JOIN kartotek.associations AS a ON a.first = i.other AND a.second = i.one
 UNION
SELECT i.one, i.other, h.second_type
  FROM unnest(%(ones)s::bigint[], %(others)s::bigint[]) AS i(one, other)
  JOIN kartotek.association_history AS h ON h.first = i.one AND h.second = i.other;
