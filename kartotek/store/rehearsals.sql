-- forget_parts: where the verdicts of a rehearsal lay
DELETE FROM kartotek.rehearsal_parts WHERE import = %(id)s RETURNING path;

-- forget: a rehearsal of which nobody wants to know any more
DELETE FROM kartotek.rehearsals WHERE import = %(id)s;

-- ask: a rehearsal of this plan
INSERT INTO kartotek.rehearsals (import, token, person, plan, state)
VALUES (%(id)s, %(token)s, %(person)s, %(plan)s, 'STARTED');

-- get: how far it is, and what came of it
SELECT token, person, plan, state, books, matches, phase, done, rows, message, finished
  FROM kartotek.rehearsals WHERE import = %(id)s;

-- advance: how far it is; no row when nobody waits for it any more, or the import has started without it
UPDATE kartotek.rehearsals SET phase = %(phase)s, done = %(done)s, rows = %(rows)s
 WHERE import = %(id)s AND token = %(token)s AND state = 'STARTED'
   AND EXISTS (SELECT FROM kartotek.imports AS i WHERE i.id = import AND i.state = 'DRAFT')
RETURNING import;

-- add_part: the verdicts on a batch, as long as somebody wants them
INSERT INTO kartotek.rehearsal_parts (import, object_type, position, rows, path, outcomes, properties)
SELECT r.import, %(object_type)s, %(position)s, %(rows)s, %(path)s, %(outcomes)s, %(properties)s
  FROM kartotek.rehearsals AS r WHERE r.import = %(id)s AND r.token = %(token)s FOR SHARE OF r;

-- finish: it has ended, one way or the other
UPDATE kartotek.rehearsals
   SET state = %(state)s, books = %(books)s, matches = %(matches)s, message = %(message)s, finished = now()
 WHERE import = %(id)s AND token = %(token)s AND state = 'STARTED';

-- parts: of one object type, in the order of the file
SELECT position, rows, path, outcomes, properties FROM kartotek.rehearsal_parts
 WHERE import = %(id)s AND object_type = %(object_type)s ORDER BY position;

-- hold_to: the import will hold what is not as its rehearsal found it
UPDATE kartotek.imports SET rehearsed = true WHERE id = %(id)s;

-- held_draft: an import of the rows that another one held
INSERT INTO kartotek.imports (name, files, person, source, state, held_of)
SELECT %(name)s, files, %(person)s, %(source)s, 'DRAFT', id FROM kartotek.imports WHERE id = %(id)s
RETURNING id;

-- held: the lines of the rows that an import held
SELECT DISTINCT u.line
  FROM kartotek.import_outcomes AS o
 CROSS JOIN LATERAL unnest(o.lines, string_to_array(o.outcomes, NULL)) AS u(line, letter)
 WHERE o.import = %(id)s AND o.counts ? 'held' AND u.letter = 'h';

-- abandoned: rehearsals that nobody looks at any more: of drafts that were left lying or are gone, and of imports that
-- started without theirs
SELECT r.import AS id
  FROM (SELECT import FROM kartotek.rehearsals UNION SELECT import FROM kartotek.rehearsal_parts) AS r
  LEFT JOIN kartotek.rehearsals AS told ON told.import = r.import
  LEFT JOIN kartotek.imports AS i ON i.id = r.import
 WHERE i.id IS NULL OR told.import IS NULL OR i.state <> 'DRAFT' AND NOT i.rehearsed
    OR i.state = 'DRAFT' AND coalesce(told.finished, told.created) < now() - make_interval(days => %(days)s);
