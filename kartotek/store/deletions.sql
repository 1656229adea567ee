-- ask: begin, or begin again after it ended
INSERT INTO kartotek.import_deletions (import, person, records) VALUES (%(import)s, %(person)s, %(records)s)
ON CONFLICT (import) DO UPDATE
   SET person = excluded.person, records = excluded.records, archived = 0, message = NULL, created = now(), finished = NULL;

-- get: how far it is
SELECT import AS import_id, person, records, archived, message, created, finished
  FROM kartotek.import_deletions WHERE import = %(import)s;

-- claim: held until the batch is done; another worker waits here
SELECT finished FROM kartotek.import_deletions WHERE import = %(import)s FOR UPDATE;

-- advance: so many more are gone
UPDATE kartotek.import_deletions SET archived = archived + %(archived)s WHERE import = %(import)s;

-- finish: nothing is left, or it cannot go on
UPDATE kartotek.import_deletions SET finished = now(), message = %(message)s WHERE import = %(import)s;
