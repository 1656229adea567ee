-- merged: the record and those that became part of it
SELECT %(record)s::bigint AS id UNION SELECT record FROM kartotek.merges WHERE survivor = %(record)s;

-- counts: what there is of these records beside their values
SELECT (SELECT count(*) FROM kartotek.associations WHERE first = ANY(%(ids)s) OR second = ANY(%(ids)s)) AS associations,
       (SELECT count(*) FROM kartotek.changes WHERE record = ANY(%(ids)s)) AS changes,
       (SELECT count(*) FROM kartotek.list_members WHERE record = ANY(%(ids)s)) AS lists;

-- lines: on which lines of which imports these records stand, or a value that is theirs was told as a problem
SELECT f.import, i.state, i.name, array_agg(DISTINCT f.line ORDER BY f.line) AS lines
  FROM (
    SELECT o.import, u.line
      FROM kartotek.import_outcomes AS o
     CROSS JOIN LATERAL unnest(o.lines, o.records) AS u(line, record)
     WHERE EXISTS (SELECT FROM unnest(%(ids)s::bigint[]) AS w(id) WHERE w.id BETWEEN o.lowest AND o.highest)
       AND u.record = ANY(%(ids)s)
     UNION
    SELECT import, line FROM kartotek.import_problems WHERE lower(value) = ANY(%(values)s)
  ) AS f
  JOIN kartotek.imports AS i ON i.id = f.import
 GROUP BY f.import, i.state, i.name
 ORDER BY f.import;

-- forget: all that was kept of these records beside their rows
WITH said AS (
    DELETE FROM kartotek.changes WHERE record = ANY(%(ids)s)
), times AS (
    DELETE FROM kartotek.archivals WHERE record = ANY(%(ids)s)
), marks AS (
    DELETE FROM kartotek.primary_marks WHERE first = ANY(%(ids)s) OR second = ANY(%(ids)s)
), listed AS (
    DELETE FROM kartotek.list_members WHERE record = ANY(%(ids)s)
), pinned AS (
    DELETE FROM kartotek.pins WHERE record = ANY(%(ids)s) OR activity = ANY(%(ids)s)
), merged AS (
    DELETE FROM kartotek.merges WHERE record = ANY(%(ids)s)
), held AS (
    DELETE FROM kartotek.identifiers WHERE record = ANY(%(ids)s)
), meant AS (
    UPDATE kartotek.bulk_runs AS b SET what = b.what || '{"text": null}'
     WHERE b.kind = 'edit' AND b.rows <= 100 AND b.finished IS NOT NULL
       AND b.id IN (SELECT c.source_id FROM kartotek.changes AS c
                     WHERE c.record = ANY(%(ids)s) AND c.source = 'USER' AND c.source_id IS NOT NULL)
), left_over AS (
    UPDATE kartotek.undo_remainders SET value = NULL WHERE record = ANY(%(ids)s) OR lower(value) = ANY(%(values)s)
), firsts AS (
    UPDATE kartotek.association_history
       SET first_name = CASE WHEN first = ANY(%(ids)s) THEN NULL ELSE first_name END,
           second_name = CASE WHEN second = ANY(%(ids)s) THEN NULL ELSE second_name END
     WHERE first = ANY(%(ids)s) OR second = ANY(%(ids)s)
)
SELECT;

-- forget_lines: what an import told of these lines
UPDATE kartotek.import_problems SET value = NULL
 WHERE import = %(import)s AND line = ANY(%(lines)s::integer[]) AND value IS NOT NULL;

-- filters: of saved views and lists, deleted ones too, that may name one of these values, or an address as far as its host
SELECT kept, id, object_type, filters
  FROM (SELECT 'views' AS kept, v.id, t.name AS object_type, v.filters
          FROM kartotek.views AS v JOIN kartotek.object_types AS t ON t.number = v.object_type
         UNION ALL
        SELECT 'lists', l.id, t.name, l.filters
          FROM kartotek.lists AS l JOIN kartotek.object_types AS t ON t.number = l.object_type) AS f
 WHERE EXISTS (SELECT FROM unnest(%(values)s::text[]) AS v(value)
                WHERE position(regexp_replace(v.value, '@.*', '@') IN lower(f.filters)) > 0)
 ORDER BY kept, id;

-- keep_filters_of_views: without them
UPDATE kartotek.views SET filters = %(filters)s WHERE id = %(id)s;

-- keep_filters_of_lists: without them
UPDATE kartotek.lists SET filters = %(filters)s WHERE id = %(id)s;

-- forget_surveys: what was seen in the cells of these imports' files
UPDATE kartotek.imports SET survey = NULL, surveyed = NULL WHERE id = ANY(%(imports)s::bigint[]);

-- forget_drafts: what was seen in the cells of this file by drafts
UPDATE kartotek.imports SET survey = NULL, surveyed = NULL
 WHERE %(file)s::bigint = ANY(files) AND state = 'DRAFT'
RETURNING id;

-- same_files: the files that were uploaded with the same bytes, this one among them
SELECT id, name, path, size, digest FROM kartotek.files
 WHERE digest = (SELECT digest FROM kartotek.files WHERE id = %(id)s) ORDER BY id;

-- rehearsed: rehearsals that may tell of the records: those of these imports, and of everything that is not done yet
SELECT r.import FROM kartotek.rehearsals AS r JOIN kartotek.imports AS i ON i.id = r.import
 WHERE i.id = ANY(%(imports)s::bigint[]) OR i.state NOT IN ('DONE', 'STARTED', 'PROCESSING', 'PAUSED');

-- forget_rehearsals: these, and gives where their verdicts lay
WITH gone AS (
    DELETE FROM kartotek.rehearsals WHERE import = ANY(%(imports)s::bigint[])
)
DELETE FROM kartotek.rehearsal_parts WHERE import = ANY(%(imports)s::bigint[]) RETURNING path;

-- put_in_line: something to be done to files
INSERT INTO kartotek.erasure_files (record, import, lines, path)
VALUES (%(record)s, %(import)s, %(lines)s, %(path)s);

-- to_do: what is left to be done to files, removals first
SELECT id, import, lines, path FROM kartotek.erasure_files WHERE record = %(record)s ORDER BY path IS NULL, id;

-- done: this is done
DELETE FROM kartotek.erasure_files WHERE id = %(id)s;

-- replace_file: the file lies elsewhere now
UPDATE kartotek.files SET path = %(path)s, size = %(size)s WHERE id = %(id)s;

-- block: these addresses are known again
INSERT INTO kartotek.blocked_addresses (hash, actor)
SELECT sha256(%(outer)s::bytea || sha256(%(inner)s::bytea || convert_to(v, 'UTF8'))), %(actor)s
  FROM unnest(%(values)s::text[]) AS v
    ON CONFLICT DO NOTHING;

-- unblock: this address may come again
DELETE FROM kartotek.blocked_addresses
 WHERE hash = sha256(%(outer)s::bytea || sha256(%(inner)s::bytea || convert_to(%(value)s::text, 'UTF8')));

-- hold_blocked: nobody adds to the block list until this transaction ends
SELECT pg_advisory_xact_lock_shared(1263424337);

-- hold_blocked_alone: nobody else reads it to write addresses until then
SELECT pg_advisory_xact_lock(1263424337);

-- any_blocked: whether any address is
SELECT EXISTS (SELECT FROM kartotek.blocked_addresses) AS found;

-- blocked: those of these addresses that are
SELECT v AS value
  FROM unnest(%(values)s::text[]) AS v
  JOIN kartotek.blocked_addresses AS b
    ON b.hash = sha256(%(outer)s::bytea || sha256(%(inner)s::bytea || convert_to(v, 'UTF8')));
