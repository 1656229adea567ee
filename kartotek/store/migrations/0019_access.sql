-- Roles that people have shaped, and teams, whose records are those of the people whose main team they are.

CREATE TABLE kartotek.roles (
    name   text PRIMARY KEY,          -- what people.role says; a standard role stands here once it has been changed
    label  text,                      -- null: as the standard role is called
    rights jsonb NOT NULL
);

CREATE TABLE kartotek.teams (
    id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name   text NOT NULL,
    parent integer
);
CREATE UNIQUE INDEX teams_name ON kartotek.teams (lower(name));

CREATE TABLE kartotek.team_members (
    team   integer NOT NULL,
    person integer NOT NULL,
    main   boolean NOT NULL DEFAULT false,
    PRIMARY KEY (team, person)
);
CREATE UNIQUE INDEX team_members_main ON kartotek.team_members (person) INCLUDE (team) WHERE main;

-- Everybody whose records are those of a person's teams, or of the teams below these.
CREATE FUNCTION kartotek.colleagues(wanted integer) RETURNS integer[]
    LANGUAGE sql STABLE AS $$
    WITH RECURSIVE reached AS (
        SELECT team FROM kartotek.team_members WHERE person = wanted
         UNION
        SELECT t.id FROM kartotek.teams AS t JOIN reached AS r ON t.parent = r.team
    )
    SELECT coalesce(array_agg(m.person ORDER BY m.person), '{}')
      FROM kartotek.team_members AS m
      JOIN reached AS r ON r.team = m.team
     WHERE m.main;
$$;

CREATE INDEX audit_what ON kartotek.audit (what, at);

-- Whoever sees only what is theirs must not look at each record for it. Records that nobody owns cost an import nothing.
DO $$
DECLARE
    found text;
BEGIN
    FOR found IN SELECT table_name FROM information_schema.columns
                  WHERE table_schema = 'crm' AND column_name = 'hubspot_owner_id'
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON crm.%I (hubspot_owner_id, _id) '
                       'WHERE hubspot_owner_id IS NOT NULL AND _archived IS NULL', '_owner_' || found, found);
    END LOOP;
END $$;

-- A record's team follows its owner.
UPDATE kartotek.properties SET read_only = true WHERE name = 'hubspot_team_id';
