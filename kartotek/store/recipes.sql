-- keep: a recipe under a name of its own; nothing where the name is taken
INSERT INTO kartotek.recipes (name, text, person)
VALUES (%(name)s, %(text)s, %(person)s)
ON CONFLICT (lower(name)) DO NOTHING
RETURNING id;

-- kept: all there are, by name
SELECT r.id, r.name, r.text, r.person, r.created, coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name
  FROM kartotek.recipes AS r
  LEFT JOIN kartotek.people AS p ON p.id = r.person
 ORDER BY kartotek.sort_key(r.name), r.id;

-- get: one of them
SELECT r.id, r.name, r.text, r.person, r.created, coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name
  FROM kartotek.recipes AS r
  LEFT JOIN kartotek.people AS p ON p.id = r.person
 WHERE r.id = %(id)s;

-- named: the number of the one with this name
SELECT id FROM kartotek.recipes WHERE lower(name) = lower(%(name)s);

-- remove: for good
DELETE FROM kartotek.recipes WHERE id = %(id)s RETURNING name;
