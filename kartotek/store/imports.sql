-- keep_file: an uploaded file that lies in the file store
INSERT INTO kartotek.files (name, path, size, digest, actor)
VALUES (%(name)s, %(path)s, %(size)s, %(digest)s, %(actor)s)
RETURNING id, name, path, size, digest;

-- file: where it lies
SELECT id, name, path, size, digest FROM kartotek.files WHERE id = %(id)s;

-- create: an import of a file
INSERT INTO kartotek.imports (name, files, person, source, state, plan)
VALUES (%(name)s, %(files)s, %(person)s, %(source)s, %(state)s, %(plan)s)
RETURNING id;

-- get: one import with its file and who started it
SELECT i.id, i.name, i.person, i.state, i.plan, i.draft, i.rows, i.position, i.message, i.cancelled, i.created, i.started,
       i.finished, i.seen, i.read, i.since, i.since_position, i.paused, i.rehearsed, i.held_of, i.lines, f.files,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name
  FROM kartotek.imports AS i
  CROSS JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'path', f.path, 'size', f.size,
                                           'digest', encode(f.digest, 'hex')) ORDER BY place) AS files
         FROM unnest(i.files) WITH ORDINALITY AS kept(id, place) JOIN kartotek.files AS f ON f.id = kept.id) AS f
  LEFT JOIN kartotek.people AS p ON p.id = i.person
 WHERE i.id = %(id)s;

-- history: the newest imports that fit and that the viewer may look at (as in `seen`); drafts only when they are asked for
SELECT i.id, i.name, i.person, i.state, NULL::jsonb AS plan, '{}'::jsonb AS draft, i.rows, i.position, i.message, i.cancelled,
       i.created, i.started, i.finished, i.seen, i.read, i.since, i.since_position, i.paused, i.rehearsed, i.held_of,
       i.lines, f.files,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name,
       count(*) OVER () AS total
  FROM kartotek.imports AS i
  CROSS JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'path', f.path, 'size', f.size,
                                           'digest', encode(f.digest, 'hex')) ORDER BY place) AS files
         FROM unnest(i.files) WITH ORDINALITY AS kept(id, place) JOIN kartotek.files AS f ON f.id = kept.id) AS f
  LEFT JOIN kartotek.people AS p ON p.id = i.person
 WHERE CASE WHEN %(state)s::text IS NULL THEN i.state <> 'DRAFT' ELSE i.state = %(state)s END
   AND (%(person)s::integer IS NULL OR i.person = %(person)s)
   AND (%(object_type)s::text IS NULL
        OR i.plan->'objects' @> jsonb_build_array(jsonb_build_object('object_type', %(object_type)s::text)))
   AND (%(search)s::text IS NULL OR i.name ILIKE %(search)s
        OR EXISTS (SELECT FROM kartotek.files AS one WHERE one.id = ANY(i.files) AND one.name ILIKE %(search)s))
   AND (%(whole)s::text[] IS NULL OR i.person = %(viewer)s
        OR (i.plan IS NOT NULL AND NOT EXISTS (
              SELECT FROM jsonb_path_query(i.plan, '$.**.object_type') AS o(name)
               WHERE jsonb_typeof(o.name) = 'string' AND o.name #>> '{}' <> ALL(%(whole)s::text[]))))
 ORDER BY i.created DESC, i.id DESC
 LIMIT %(limit)s OFFSET %(offset)s;

-- seen: those of these imports that somebody did, or that are of objects of which they see all records
SELECT i.id FROM kartotek.imports AS i
 WHERE i.id = ANY(%(ids)s::bigint[])
   AND (i.person = %(viewer)s
        OR (i.plan IS NOT NULL AND NOT EXISTS (
              SELECT FROM jsonb_path_query(i.plan, '$.**.object_type') AS o(name)
               WHERE jsonb_typeof(o.name) = 'string' AND o.name #>> '{}' <> ALL(%(whole)s::text[]))));

-- importers: everybody who has imported
SELECT p.id, coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS name
  FROM kartotek.people AS p
 WHERE p.id IN (SELECT person FROM kartotek.imports WHERE state <> 'DRAFT')
 ORDER BY 2;

-- with_problems: those of these imports that found any
SELECT id FROM unnest(%(ids)s::bigint[]) AS i(id)
 WHERE EXISTS (SELECT FROM kartotek.import_problems AS p WHERE p.import = i.id);

-- running: imports under way, for the ring on every page
SELECT id, name, rows, position, state FROM kartotek.imports
 WHERE state IN ('STARTED', 'PROCESSING') ORDER BY created;

-- one_at_a_time: who starts to import this file waits until another one who does so has committed
SELECT pg_advisory_xact_lock(hashtextextended('kartotek.imports ' || encode(%(digest)s, 'hex'), 0));

-- unfinished: the same files with the same plan, whatever it is called, by the same person, not yet ended
SELECT i.id FROM kartotek.imports AS i
 WHERE (SELECT array_agg(f.digest ORDER BY place)
          FROM unnest(i.files) WITH ORDINALITY AS kept(id, place) JOIN kartotek.files AS f ON f.id = kept.id
       ) = %(digests)s::bytea[]
   AND i.plan - 'name' = %(plan)s::jsonb - 'name' AND i.person IS NOT DISTINCT FROM %(person)s
   AND i.state IN ('STARTED', 'PROCESSING', 'PAUSED') AND i.cancelled IS NULL AND i.held_of IS NULL
 ORDER BY i.id DESC LIMIT 1;

-- save_draft: what the wizard knows so far
UPDATE kartotek.imports SET draft = %(draft)s, name = %(name)s WHERE id = %(id)s AND state = 'DRAFT' RETURNING id;

-- start: the plan is settled
UPDATE kartotek.imports SET plan = %(plan)s, name = %(name)s, state = 'STARTED', started = now()
 WHERE id = %(id)s AND state = 'DRAFT' RETURNING id;

-- discard: a draft that has become another import
DELETE FROM kartotek.imports WHERE id = %(id)s AND state = 'DRAFT';

-- consent: the person stands for the contacts of the file
UPDATE kartotek.imports SET consented = now() WHERE id = %(id)s;

-- cancel: ask it to stop; the worker looks between two batches. Where none is at it, it has stopped already
UPDATE kartotek.imports
   SET cancelled = coalesce(cancelled, now()),
       state = CASE WHEN state = 'PAUSED' OR seen IS NULL AND position = 0 THEN 'CANCELED' ELSE state END,
       finished = CASE WHEN state = 'PAUSED' OR seen IS NULL AND position = 0 THEN now() ELSE finished END
 WHERE id = %(id)s AND state IN ('STARTED', 'PROCESSING', 'PAUSED') RETURNING id;

-- pause: the same for a while
UPDATE kartotek.imports
   SET paused = coalesce(paused, now()), state = CASE WHEN seen IS NULL AND position = 0 THEN 'PAUSED' ELSE state END
 WHERE id = %(id)s AND state IN ('STARTED', 'PROCESSING', 'PAUSED') AND cancelled IS NULL RETURNING id;

-- resume: it may go on
UPDATE kartotek.imports SET paused = NULL, state = CASE WHEN state = 'PAUSED' THEN 'STARTED' ELSE state END
 WHERE id = %(id)s AND paused IS NOT NULL AND state IN ('STARTED', 'PROCESSING', 'PAUSED') AND cancelled IS NULL
RETURNING id;

-- stop: it has stopped as asked, unless it was asked to go on in the meantime
UPDATE kartotek.imports
   SET state = CASE WHEN cancelled IS NULL THEN 'PAUSED' ELSE 'CANCELED' END, seen = now(),
       finished = CASE WHEN cancelled IS NULL THEN NULL ELSE now() END
 WHERE id = %(id)s AND state IN ('STARTED', 'PROCESSING') AND (cancelled IS NOT NULL OR paused IS NOT NULL);

-- hurry: the commit waits for no disk; a transaction that sleeps gives its locks back
SELECT set_config('synchronous_commit', 'off', true), set_config('transaction_timeout', '10min', true);

-- claim: the position, held until the batch is written; another worker waits here, and then finds it moved on
SELECT position, state, coalesce(cancelled, paused) AS to_stop FROM kartotek.imports WHERE id = %(id)s FOR UPDATE;

-- advance: a batch is in
UPDATE kartotek.imports SET position = %(position)s, rows = %(rows)s, state = 'PROCESSING', seen = now() WHERE id = %(id)s;

-- lines: how many lines the sources before each one have
UPDATE kartotek.imports SET lines = %(lines)s WHERE id = %(id)s AND lines <> %(lines)s::bigint[];

-- alive: reading has begun, or goes on; the size of its batches is settled once. With `rows` the file is read, and the
-- pace of the writing is measured from here
UPDATE kartotek.imports
   SET seen = now(), state = 'PROCESSING', rows = coalesce(%(rows)s, rows), batch = coalesce(batch, %(batch)s),
       started = coalesce(started, now()),
       since = CASE WHEN %(rows)s::bigint IS NULL THEN NULL ELSE now() END, since_position = position
 WHERE id = %(id)s AND state IN ('STARTED', 'PROCESSING')
RETURNING batch;

-- read: how many rows have been read
UPDATE kartotek.imports SET read = %(read)s, seen = now() WHERE id = %(id)s AND state = 'PROCESSING';

-- matches: which rows belong together, once that is settled
SELECT matches FROM kartotek.imports WHERE id = %(id)s;

-- keep_matches: the first to settle it settles it for all
UPDATE kartotek.imports SET matches = coalesce(matches, %(matches)s) WHERE id = %(id)s RETURNING matches;

-- finish: it has ended, one way or the other
UPDATE kartotek.imports SET state = %(state)s, message = %(message)s, finished = now(), seen = now()
 WHERE id = %(id)s AND state IN ('STARTED', 'PROCESSING');

-- add_outcomes: what became of the rows of one batch, for one object type
INSERT INTO kartotek.import_outcomes (import, object_type, position, counts, lines, records, outcomes, lowest, highest)
VALUES (%(import)s, %(object_type)s, %(position)s, %(counts)s, %(lines)s::integer[], %(records)s::bigint[], %(outcomes)s,
        %(lowest)s, %(highest)s);

-- add_links: how many pairs a batch made
INSERT INTO kartotek.import_links (import, position, counts) VALUES (%(import)s, %(position)s, %(counts)s);

-- add_cells: what became of the cells of a batch
INSERT INTO kartotek.import_cells (import, position, counts) VALUES (%(import)s, %(position)s, %(counts)s);

-- counts: the outcomes of all batches, by object type
SELECT t.name AS object_type, c.key AS outcome, sum(c.value::bigint)::bigint AS rows
  FROM kartotek.import_outcomes AS o
  JOIN kartotek.object_types AS t ON t.number = o.object_type
 CROSS JOIN LATERAL jsonb_each_text(o.counts) AS c
 WHERE o.import = %(id)s
 GROUP BY t.name, t.position, c.key
 ORDER BY t.position;

-- counts_of: the same for several imports at once
SELECT o.import, t.name AS object_type, c.key AS outcome, sum(c.value::bigint)::bigint AS rows
  FROM kartotek.import_outcomes AS o
  JOIN kartotek.object_types AS t ON t.number = o.object_type
 CROSS JOIN LATERAL jsonb_each_text(o.counts) AS c
 WHERE o.import = ANY(%(ids)s)
 GROUP BY o.import, t.name, t.position, c.key
 ORDER BY o.import, t.position;

-- link_counts: the pairs of all batches
SELECT c.key AS outcome, sum(c.value::bigint)::bigint AS pairs
  FROM kartotek.import_links AS l CROSS JOIN LATERAL jsonb_each_text(l.counts) AS c
 WHERE l.import = %(id)s
 GROUP BY c.key;

-- cell_counts: the cells of all batches
SELECT c.key AS outcome, sum(c.value::bigint)::bigint AS cells
  FROM kartotek.import_cells AS l CROSS JOIN LATERAL jsonb_each_text(l.counts) AS c
 WHERE l.import = %(id)s
 GROUP BY c.key;

-- problem_counts: by kind
SELECT type, count(*) AS problems FROM kartotek.import_problems WHERE import = %(id)s GROUP BY type ORDER BY count(*) DESC, type;

-- problem_places: by column and kind
SELECT place, object_type, min(property) AS property, type, count(*) AS problems, min(value) AS example
  FROM kartotek.import_problems WHERE import = %(id)s
 GROUP BY place, object_type, type ORDER BY count(*) DESC, type, place LIMIT 1000;

-- problems: in the order of the file; place -1 stands for the whole row
SELECT line, place, object_type, property, type, value
  FROM kartotek.import_problems
 WHERE import = %(id)s AND (%(type)s::text IS NULL OR type = %(type)s)
   AND (%(types)s::text[] IS NULL OR type = ANY(%(types)s::text[]))
   AND (%(place)s::integer IS NULL OR coalesce(place, -1) = %(place)s)
 ORDER BY line, place NULLS FIRST, object_type NULLS FIRST, type, property NULLS FIRST, value NULLS FIRST
 LIMIT %(limit)s OFFSET %(offset)s;

-- problems_of_lines: which objects of these lines have problems of some types
SELECT DISTINCT line, object_type FROM kartotek.import_problems
 WHERE import = %(id)s AND line = ANY(%(lines)s::integer[]) AND type = ANY(%(types)s::text[]);

-- failed_of_lines: which objects of these lines did not come in; the lines of a batch are in order
SELECT u.line, t.name AS object_type
  FROM kartotek.import_outcomes AS o
  JOIN kartotek.object_types AS t ON t.number = o.object_type
 CROSS JOIN LATERAL unnest(o.lines, string_to_array(o.outcomes, NULL)) AS u(line, letter)
 WHERE o.import = %(id)s AND o.lines[1] <= %(last)s AND o.lines[cardinality(o.lines)] >= %(first)s
   AND u.letter = 'f' AND u.line = ANY(%(lines)s::integer[]);

-- troubled: which of an import's sources have rows with problems; `lines`: how many the ones before each have
SELECT DISTINCT width_bucket(line - 1, %(lines)s::integer[]) - 1 AS source
  FROM kartotek.import_problems WHERE import = %(id)s AND line > 0;

-- batches_before: where the batches that are done begin
SELECT position FROM kartotek.import_outcomes WHERE import = %(id)s AND object_type = %(object_type)s ORDER BY position;
