-- every: by name, with those who are in them
SELECT t.id, t.name, t.parent,
       ARRAY(SELECT m.person FROM kartotek.team_members AS m WHERE m.team = t.id ORDER BY m.person) AS people,
       ARRAY(SELECT m.person FROM kartotek.team_members AS m WHERE m.team = t.id AND m.main ORDER BY m.person) AS main
  FROM kartotek.teams AS t
 ORDER BY kartotek.sort_key(t.name), t.id;

-- names: for pages that show a record's team
SELECT id, name FROM kartotek.teams ORDER BY kartotek.sort_key(name), id;

-- one_at_a_time: two who place teams under each other must not make a circle
SELECT pg_advisory_xact_lock(hashtext('kartotek.teams'));

-- create: unless another one is called so
INSERT INTO kartotek.teams (name, parent) VALUES (%(name)s, %(parent)s)
ON CONFLICT (lower(name)) DO NOTHING
RETURNING id;

-- change: its name and the team above it, unless another one is called so
UPDATE kartotek.teams SET name = %(name)s, parent = %(parent)s
 WHERE id = %(id)s
   AND NOT EXISTS (SELECT FROM kartotek.teams WHERE lower(name) = lower(%(name)s) AND id <> %(id)s)
RETURNING id;

-- remove: those below it come under the one above it
WITH gone AS (
    DELETE FROM kartotek.teams WHERE id = %(id)s RETURNING id, parent
), out AS (
    DELETE FROM kartotek.team_members WHERE team = %(id)s
)
UPDATE kartotek.teams AS t SET parent = gone.parent FROM gone WHERE t.parent = gone.id;

-- leave: all teams of one person
DELETE FROM kartotek.team_members WHERE person = %(person)s;

-- join: these teams, one of them the main one
INSERT INTO kartotek.team_members (team, person, main)
SELECT id, %(person)s, id IS NOT DISTINCT FROM %(main)s FROM kartotek.teams WHERE id = ANY(%(teams)s::integer[]);
