-- of: a person's own views of an object and everyone's, oldest first
SELECT v.id, t.name AS object_type, v.name, v.person, v.everyone, v.filters, v.sort, v.columns
  FROM kartotek.views AS v
  JOIN kartotek.object_types AS t ON t.number = v.object_type
 WHERE v.object_type = %(object_type)s AND v.archived IS NULL AND (v.everyone OR v.person = %(person)s)
 ORDER BY v.id
 LIMIT %(most)s;

-- create: one view
INSERT INTO kartotek.views (object_type, name, person, everyone, filters, sort, columns)
VALUES (%(object_type)s, %(name)s, %(person)s, %(everyone)s, %(filters)s, %(sort)s, %(columns)s::text[])
RETURNING id;

-- update: all that a person can change about it
UPDATE kartotek.views
   SET name = %(name)s, everyone = %(everyone)s, filters = %(filters)s, sort = %(sort)s, columns = %(columns)s::text[]
 WHERE id = %(id)s AND archived IS NULL;

-- archive: the tab goes; its records stay
UPDATE kartotek.views SET archived = now() WHERE id = %(id)s AND archived IS NULL;
