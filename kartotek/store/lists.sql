-- create: a list; none when a list of that name is there already
INSERT INTO kartotek.lists (name, object_type, person, import)
VALUES (%(name)s, %(object_type)s, %(person)s, %(import)s)
ON CONFLICT (lower(name)) WHERE archived IS NULL DO NOTHING
RETURNING id;

-- get: one list
SELECT l.id, l.name, t.name AS object_type, l.import AS import_id, l.created,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name
  FROM kartotek.lists AS l
  JOIN kartotek.object_types AS t ON t.number = l.object_type
  LEFT JOIN kartotek.people AS p ON p.id = l.person
 WHERE l.id = %(id)s AND l.archived IS NULL;

-- named: the list of that name
SELECT l.id, t.name AS object_type FROM kartotek.lists AS l JOIN kartotek.object_types AS t ON t.number = l.object_type
 WHERE lower(l.name) = lower(%(name)s) AND l.archived IS NULL;

-- find: lists of these object types, by name, and how many fit in all
SELECT l.id, l.name, t.name AS object_type, l.import AS import_id, l.created,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name,
       count(*) OVER () AS total
  FROM kartotek.lists AS l
  JOIN kartotek.object_types AS t ON t.number = l.object_type
  LEFT JOIN kartotek.people AS p ON p.id = l.person
 WHERE l.archived IS NULL AND t.name = ANY(%(types)s)
   AND (%(search)s::text IS NULL OR l.name ILIKE %(search)s)
 ORDER BY kartotek.sort_key(l.name), l.id
 LIMIT %(limit)s OFFSET %(offset)s;

-- rename: unless another list is called so
UPDATE kartotek.lists SET name = %(name)s
 WHERE id = %(id)s AND archived IS NULL
   AND NOT EXISTS (SELECT FROM kartotek.lists
                    WHERE lower(name) = lower(%(name)s) AND archived IS NULL AND id <> %(id)s)
RETURNING id;

-- archive: the list goes, its records stay
UPDATE kartotek.lists SET archived = now() WHERE id = %(id)s AND archived IS NULL;

-- missing: those of these records that are not on the list yet
SELECT r.id FROM unnest(%(records)s::bigint[]) AS r(id)
 WHERE NOT EXISTS (SELECT FROM kartotek.list_members AS m WHERE m.list = %(list)s AND m.record = r.id);

-- add: in the order of their ids, so that two who add the same wait for each other and do not deadlock
INSERT INTO kartotek.list_members (list, record, import)
SELECT %(list)s, r.id, %(import)s::bigint FROM unnest(%(records)s::bigint[]) AS r(id) ORDER BY r.id
ON CONFLICT DO NOTHING;

-- add_from_import: what an import did, in one statement for a million records
INSERT INTO kartotek.list_members (list, record)
SELECT DISTINCT %(list)s::bigint, o.record
  FROM kartotek.import_outcomes AS i, unnest(i.records, string_to_array(i.outcomes, NULL)) AS o(record, outcome)
 WHERE i.import = %(import)s AND i.object_type = %(object_type)s AND o.outcome = ANY(%(letters)s::text[]) AND o.record > 0
 ORDER BY 2
ON CONFLICT DO NOTHING;

-- remove: missing ones do no harm
DELETE FROM kartotek.list_members WHERE list = %(list)s AND record = ANY(%(records)s::bigint[]);

-- of_import: the list that an import puts its records on
SELECT list FROM kartotek.imports WHERE id = %(import)s;

-- keep_for_import: that it is this one
UPDATE kartotek.imports SET list = %(list)s WHERE id = %(import)s;

-- put_on: how many records an import has put on its list that are on it still
SELECT count(*) AS n FROM kartotek.imports AS i JOIN kartotek.list_members AS m ON m.list = i.list AND m.import = i.id
 WHERE i.id = %(import)s;

-- take_off: those of these records that an import has put on its list
DELETE FROM kartotek.list_members AS m USING kartotek.imports AS i
 WHERE i.id = %(import)s AND m.list = i.list AND m.import = i.id AND m.record = ANY(%(records)s::bigint[]);

-- archive_empty: the list that an import made goes with the last of its members
UPDATE kartotek.lists AS l SET archived = now() FROM kartotek.imports AS i
 WHERE i.id = %(import)s AND l.id = i.list AND l.import = i.id AND l.archived IS NULL
   AND NOT EXISTS (SELECT FROM kartotek.list_members AS m WHERE m.list = l.id);
