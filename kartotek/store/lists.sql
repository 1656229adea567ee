-- create: a list; none when a list of that name is there already
INSERT INTO kartotek.lists (name, object_type, person, import, filters)
VALUES (%(name)s, %(object_type)s, %(person)s, %(import)s, %(filters)s)
ON CONFLICT (lower(name)) WHERE archived IS NULL DO NOTHING
RETURNING id;

-- get: one list
SELECT l.id, l.name, t.name AS object_type, l.import AS import_id, l.created, l.filters,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name,
       coalesce(l.changed, l.created) AS changed,
       coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email) AS changed_by
  FROM kartotek.lists AS l
  JOIN kartotek.object_types AS t ON t.number = l.object_type
  LEFT JOIN kartotek.people AS p ON p.id = l.person
  LEFT JOIN kartotek.people AS c ON c.id = l.changed_by
 WHERE l.id = %(id)s AND l.archived IS NULL;

-- asked: what a list asks for, if it is an active one
SELECT l.name, t.name AS object_type, l.filters
  FROM kartotek.lists AS l JOIN kartotek.object_types AS t ON t.number = l.object_type
 WHERE l.id = %(id)s AND l.archived IS NULL;

-- names: what these lists are called, deleted ones too
SELECT l.id, l.name, t.name AS object_type FROM kartotek.lists AS l JOIN kartotek.object_types AS t ON t.number = l.object_type
 WHERE l.id = ANY(%(ids)s::bigint[]);

-- named: the list of that name
SELECT l.id, l.filters, t.name AS object_type
  FROM kartotek.lists AS l JOIN kartotek.object_types AS t ON t.number = l.object_type
 WHERE lower(l.name) = lower(%(name)s) AND l.archived IS NULL;

-- find: lists of these object types, by name, and how many fit in all
SELECT l.id, l.name, t.name AS object_type, l.import AS import_id, l.created, l.filters,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name,
       coalesce(l.changed, l.created) AS changed,
       coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email) AS changed_by,
       count(*) OVER () AS total
  FROM kartotek.lists AS l
  JOIN kartotek.object_types AS t ON t.number = l.object_type
  LEFT JOIN kartotek.people AS p ON p.id = l.person
  LEFT JOIN kartotek.people AS c ON c.id = l.changed_by
 WHERE l.archived IS NULL AND t.name = ANY(%(types)s)
   AND (%(search)s::text IS NULL OR l.name ILIKE %(search)s)
   AND (%(kind)s::text IS NULL OR (l.filters IS NOT NULL) = (%(kind)s = 'active'))
 ORDER BY kartotek.sort_key(l.name), l.id
 LIMIT %(limit)s OFFSET %(offset)s;

-- holding: static lists that a record is on
SELECT l.id, l.name, t.name AS object_type, l.import AS import_id, l.created, l.filters,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name,
       coalesce(l.changed, l.created) AS changed,
       coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email) AS changed_by
  FROM kartotek.lists AS l
  JOIN kartotek.object_types AS t ON t.number = l.object_type
  LEFT JOIN kartotek.people AS p ON p.id = l.person
  LEFT JOIN kartotek.people AS c ON c.id = l.changed_by
  JOIN kartotek.list_members AS m ON m.list = l.id
 WHERE m.record = %(record)s AND l.archived IS NULL AND l.object_type = %(object_type)s
 ORDER BY kartotek.sort_key(l.name), l.id;

-- rename: unless another list is called so
UPDATE kartotek.lists SET name = %(name)s, changed = now(), changed_by = %(person)s
 WHERE id = %(id)s AND archived IS NULL
   AND NOT EXISTS (SELECT FROM kartotek.lists
                    WHERE lower(name) = lower(%(name)s) AND archived IS NULL AND id <> %(id)s)
RETURNING id;

-- one_at_a_time: who changes what lists ask for, so that no two changes make a circle
SELECT pg_advisory_xact_lock(hashtext('kartotek.lists'));

-- ask: what an active list asks for from now on; null makes it a static one
UPDATE kartotek.lists SET filters = %(filters)s, changed = now(), changed_by = %(person)s
 WHERE id = %(id)s AND archived IS NULL;

-- touch: somebody put records on it or took them off by hand
UPDATE kartotek.lists SET changed = now(), changed_by = %(person)s WHERE id = %(id)s;

-- archive: the list goes, its records stay
UPDATE kartotek.lists SET archived = now(), changed = now(), changed_by = %(person)s
 WHERE id = %(id)s AND archived IS NULL;

-- archived: those that can still come back, the latest first
SELECT l.id, l.name, t.name AS object_type, l.import AS import_id, l.created, l.filters,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name,
       coalesce(l.changed, l.created) AS changed,
       coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email) AS changed_by,
       l.archived
  FROM kartotek.lists AS l
  JOIN kartotek.object_types AS t ON t.number = l.object_type
  LEFT JOIN kartotek.people AS p ON p.id = l.person
  LEFT JOIN kartotek.people AS c ON c.id = l.changed_by
 WHERE l.archived > now() - make_interval(days => %(days)s) AND t.name = ANY(%(types)s)
   AND (%(id)s::bigint IS NULL OR l.id = %(id)s)
 ORDER BY l.archived DESC, l.id;

-- restore: unless another list is called so by now
UPDATE kartotek.lists AS l SET archived = NULL, changed = now(), changed_by = %(person)s
 WHERE l.id = %(id)s
   AND NOT EXISTS (SELECT FROM kartotek.lists AS o WHERE lower(o.name) = lower(l.name) AND o.archived IS NULL)
RETURNING l.id;

-- purge: what cannot come back goes for good
WITH late AS (DELETE FROM kartotek.lists WHERE archived <= now() - make_interval(days => %(days)s) RETURNING id)
DELETE FROM kartotek.list_members AS m USING late WHERE m.list = late.id;

-- used_in_views: those whose filters ask for it; whose they are
SELECT v.id, v.name, t.name AS object_type,
       CASE WHEN v.everyone THEN NULL
            ELSE coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) END AS whose
  FROM kartotek.views AS v
  JOIN kartotek.object_types AS t ON t.number = v.object_type
  JOIN kartotek.people AS p ON p.id = v.person
 WHERE v.archived IS NULL AND v.filters ~ %(asked)s
 ORDER BY v.name, v.id;

-- used_in_lists: those that ask for it
SELECT l.id, l.name, t.name AS object_type
  FROM kartotek.lists AS l JOIN kartotek.object_types AS t ON t.number = l.object_type
 WHERE l.archived IS NULL AND l.filters ~ %(asked)s
 ORDER BY l.name, l.id;

-- used_in_recipes: those that put records on it, by its name
SELECT r.name FROM kartotek.recipes AS r JOIN kartotek.lists AS l ON l.id = %(id)s
 WHERE position('list = ' || to_json(l.name)::text IN r.text) > 0
 ORDER BY r.name;

-- used_in_imports: how many put records on it, and how many are still on their way
SELECT count(*) AS every, count(*) FILTER (WHERE state IN ('STARTED', 'PROCESSING', 'PAUSED')) AS running
  FROM kartotek.imports WHERE list = %(id)s;

-- missing: those of these records that are not on the list yet
SELECT r.id FROM unnest(%(records)s::bigint[]) AS r(id)
 WHERE NOT EXISTS (SELECT FROM kartotek.list_members AS m WHERE m.list = %(list)s AND m.record = r.id);

-- add: in the order of their ids, so that two who add the same wait for each other and do not deadlock
INSERT INTO kartotek.list_members (list, record, import)
SELECT %(list)s, r.id, %(import)s::bigint FROM unnest(%(records)s::bigint[]) AS r(id) ORDER BY r.id
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
