-- All migrations together, for reading: written by `python -m kartotek.store.describe`, never by hand.
-- The reasons stand in the migrations; the tables of the queue (schema queue) are procrastinate's own.

CREATE TYPE kartotek.source AS ENUM ('UNKNOWN', 'USER', 'IMPORT', 'API', 'DELETION', 'MERGE', 'RESTORE', 'DOMAIN', 'JOB', 'MIGRATION', 'UNDO');

CREATE SEQUENCE kartotek.archivings;
CREATE SEQUENCE kartotek.record_id;

CREATE OR REPLACE FUNCTION kartotek.colleagues(wanted integer)
 RETURNS integer[]
 LANGUAGE sql
 STABLE
AS $function$
    WITH RECURSIVE reached AS (
        SELECT team FROM kartotek.team_members WHERE person = wanted
         UNION
        SELECT t.id FROM kartotek.teams AS t JOIN reached AS r ON t.parent = r.team
    )
    SELECT coalesce(array_agg(m.person ORDER BY m.person), '{}')
      FROM kartotek.team_members AS m
      JOIN reached AS r ON r.team = m.team
     WHERE m.main;
$function$;
CREATE OR REPLACE FUNCTION kartotek.own_letters(value text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
DECLARE
    label text;
BEGIN
    FOR label IN SELECT DISTINCT coded[1] FROM regexp_matches(value, 'xn--([a-z0-9-]+)', 'g') AS r(coded)
                  ORDER BY 1 DESC
    LOOP
        value := replace(value, 'xn--' || label, kartotek.punycode(label));
    END LOOP;
    RETURN value;
END $function$;
CREATE OR REPLACE FUNCTION kartotek.punycode(label text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
-- RFC 3492, 6.2; what is none is given back as it stands.
DECLARE
    dash integer := length(label) - strpos(reverse(label), '-') + 1;
    letters text[] := CASE WHEN strpos(label, '-') > 1 THEN string_to_array(left(label, dash - 1), NULL) ELSE '{}' END;
    rest text := CASE WHEN strpos(label, '-') > 0 THEN substr(label, dash + 1) ELSE label END;
    read integer := 1;
    code bigint := 128;
    place bigint := 0;
    bias integer := 72;
    before bigint;
    weight bigint;
    step integer;
    digit integer;
    lowest integer;
    size integer;
BEGIN
    WHILE read <= length(rest) LOOP
        before := place;
        weight := 1;
        step := 36;
        LOOP
            digit := strpos('abcdefghijklmnopqrstuvwxyz0123456789', substr(rest, read, 1)) - 1;
            IF read > length(rest) OR digit < 0 OR weight > 100000000 THEN
                RETURN 'xn--' || label;
            END IF;
            read := read + 1;
            place := place + digit * weight;
            lowest := greatest(1, least(26, step - bias));
            EXIT WHEN digit < lowest;
            weight := weight * (36 - lowest);
            step := step + 36;
        END LOOP;
        size := cardinality(letters) + 1;
        before := CASE WHEN before = 0 THEN (place - before) / 700 ELSE (place - before) / 2 END;
        before := before + before / size;
        bias := 0;
        WHILE before > 455 LOOP
            before := before / 35;
            bias := bias + 36;
        END LOOP;
        bias := bias + 36 * before / (before + 38);
        code := code + place / size;
        place := place % size;
        IF code > 1114111 OR code BETWEEN 55296 AND 57343 THEN
            RETURN 'xn--' || label;
        END IF;
        letters := letters[:place] || chr(code::integer) || letters[place + 1:];
        place := place + 1;
    END LOOP;
    RETURN array_to_string(letters, '');
END $function$;
CREATE OR REPLACE FUNCTION kartotek.reserve_ids(count bigint)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
DECLARE
    first bigint;
BEGIN
    PERFORM pg_advisory_lock(1263424325);
    first := nextval('kartotek.record_id');
    IF count > 1 THEN
        PERFORM setval('kartotek.record_id', first + count - 1);
    END IF;
    PERFORM pg_advisory_unlock(1263424325);
    RETURN first;
END $function$;
CREATE OR REPLACE FUNCTION kartotek.search_key(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (replace(replace(replace(regexp_replace(CASE WHEN (octet_length(value) = length(value)) THEN lower((value COLLATE "C")) ELSE translate((regexp_replace(NORMALIZE(replace(replace(replace(lower((value COLLATE pg_c_utf8)), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'þ'::text, 'th'::text), NFD), '[̀-ͯ]'::text, ''::text, 'g'::text) COLLATE "C"), 'øđðł'::text, 'oddl'::text) END, '[!-/:-@[-`{-~ «·»–—‘’“”„…\t\n\r\x1f]'::text, ' '::text, 'g'::text), 'aa'::text, 'a'::text), 'ae'::text, 'a'::text), 'oe'::text, 'o'::text) COLLATE "C");
CREATE OR REPLACE FUNCTION kartotek.sort_key(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (octet_length(value) = length(value)) THEN lower((value COLLATE "C")) ELSE (regexp_replace(NORMALIZE(replace(replace(translate(lower((value COLLATE pg_c_utf8)), 'æøåäö'::text, '{|}{|'::text), 'ß'::text, 'ss'::text), 'đ'::text, 'd'::text), NFD), '[̀-ͯ]'::text, ''::text, 'g'::text) COLLATE "C") END;

CREATE TABLE kartotek.account (
    one boolean NOT NULL DEFAULT true,
    settings jsonb NOT NULL,
    PRIMARY KEY (one),
    CHECK (one)
);

CREATE TABLE kartotek.archivals (
    record bigint NOT NULL,
    archived timestamp with time zone NOT NULL,
    archived_actor integer,
    archived_source kartotek.source,
    archived_source_id bigint,
    restored timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
    restored_actor integer,
    restored_source kartotek.source NOT NULL,
    restored_source_id bigint,
    PRIMARY KEY (record, archived)
);

CREATE TABLE kartotek.association_dates (
    first bigint NOT NULL,
    second bigint NOT NULL,
    starts_on date,
    ends_on date,
    began timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
    actor integer,
    source kartotek.source NOT NULL,
    source_id bigint,
    PRIMARY KEY (first, second),
    CHECK ((num_nonnulls(starts_on, ends_on) > 0)),
    CHECK ((starts_on <= ends_on))
);

CREATE TABLE kartotek.association_history (
    first bigint NOT NULL,
    second bigint NOT NULL,
    first_type integer NOT NULL,
    second_type integer NOT NULL,
    what text NOT NULL,
    type integer,
    began timestamp with time zone,
    began_actor integer,
    began_source kartotek.source,
    began_source_id bigint,
    ended timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
    ended_actor integer,
    ended_source kartotek.source NOT NULL,
    ended_source_id bigint,
    first_name text,
    second_name text,
    starts_on date,
    ends_on date,
    CHECK ((what = ANY (ARRAY['association'::text, 'label'::text, 'primary'::text, 'dates'::text])))
);

CREATE TABLE kartotek.association_labels (
    first bigint NOT NULL,
    second bigint NOT NULL,
    type integer NOT NULL,
    began timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
    ends timestamp with time zone,
    actor integer,
    source kartotek.source NOT NULL,
    source_id bigint,
    PRIMARY KEY (first, second, type)
);

CREATE TABLE kartotek.association_types (
    id integer NOT NULL,
    category text NOT NULL,
    from_type text NOT NULL,
    to_type text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    label text,
    inverse integer,
    most integer,
    archived timestamp with time zone,
    PRIMARY KEY (id),
    CHECK (((most >= 1) AND (most <= 10000)))
);

CREATE TABLE kartotek.associations (
    first bigint NOT NULL,
    second bigint NOT NULL,
    first_type integer NOT NULL,
    second_type integer NOT NULL,
    began timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
    actor integer,
    source kartotek.source NOT NULL,
    source_id bigint,
    PRIMARY KEY (first, second),
    CHECK ((first <> second)),
    CHECK ((((first_type = 2) AND (second_type = 2) AND (first < second)) OR ((first_type <> 2) AND (second_type = 2)) OR ((first_type <> 2) AND (second_type <> 2) AND ((first_type < second_type) OR ((first_type = second_type) AND (first < second))))))
);

CREATE TABLE kartotek.audit (
    at timestamp with time zone NOT NULL DEFAULT now(),
    actor integer,
    what text NOT NULL,
    about jsonb NOT NULL DEFAULT '{}'::jsonb
);

CREATE TABLE kartotek.blocked_addresses (
    hash bytea NOT NULL,
    since timestamp with time zone NOT NULL DEFAULT now(),
    actor integer,
    PRIMARY KEY (hash)
);

CREATE TABLE kartotek.bulk_parts (
    run bigint NOT NULL,
    part integer NOT NULL,
    records bigint[] NOT NULL,
    outcomes text,
    counts jsonb,
    PRIMARY KEY (run, part)
);

CREATE TABLE kartotek.bulk_runs (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    object_type integer NOT NULL,
    person integer,
    what jsonb NOT NULL,
    rows bigint NOT NULL,
    undoes bigint,
    cancelled boolean NOT NULL DEFAULT false,
    message text,
    created timestamp with time zone NOT NULL DEFAULT now(),
    finished timestamp with time zone,
    summed jsonb,
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.catalogue (
    version bigint NOT NULL
);

CREATE TABLE kartotek.changes (
    record bigint NOT NULL,
    at timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
    actor integer,
    source kartotek.source NOT NULL,
    source_id bigint,
    old jsonb NOT NULL
);

CREATE TABLE kartotek.domain_runs (
    id bigint GENERATED ALWAYS AS IDENTITY,
    person integer,
    rows bigint NOT NULL,
    "position" bigint NOT NULL DEFAULT 0,
    websites boolean NOT NULL DEFAULT false,
    looked bigint NOT NULL DEFAULT 0,
    companies bigint NOT NULL DEFAULT 0,
    contacts bigint NOT NULL DEFAULT 0,
    stopped boolean NOT NULL DEFAULT false,
    created timestamp with time zone NOT NULL DEFAULT now(),
    finished timestamp with time zone,
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.erasure_files (
    id bigint GENERATED ALWAYS AS IDENTITY,
    record bigint NOT NULL,
    import bigint,
    lines integer[],
    path text,
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.files (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    path text NOT NULL,
    size bigint NOT NULL,
    digest bytea NOT NULL,
    actor integer,
    created timestamp with time zone NOT NULL DEFAULT now(),
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.identifiers (
    property integer NOT NULL,
    value text COLLATE "C" NOT NULL,
    record bigint NOT NULL,
    exclusive boolean NOT NULL
);

CREATE TABLE kartotek.import_cells (
    import bigint NOT NULL,
    "position" bigint NOT NULL,
    counts jsonb NOT NULL,
    PRIMARY KEY (import, "position")
);

CREATE TABLE kartotek.import_deletions (
    import bigint NOT NULL,
    person integer NOT NULL,
    records bigint NOT NULL,
    archived bigint NOT NULL DEFAULT 0,
    message text,
    created timestamp with time zone NOT NULL DEFAULT now(),
    finished timestamp with time zone,
    PRIMARY KEY (import)
);

CREATE TABLE kartotek.import_domains (
    import bigint NOT NULL,
    "position" bigint NOT NULL,
    waiting bigint[],
    companies bigint[],
    contacts bigint[],
    PRIMARY KEY (import, "position")
);

CREATE TABLE kartotek.import_links (
    import bigint NOT NULL,
    "position" bigint NOT NULL,
    counts jsonb NOT NULL,
    PRIMARY KEY (import, "position")
);

CREATE TABLE kartotek.import_outcomes (
    import bigint NOT NULL,
    object_type integer NOT NULL,
    "position" bigint NOT NULL,
    counts jsonb NOT NULL,
    lines integer[] NOT NULL,
    records bigint[] NOT NULL,
    outcomes text NOT NULL,
    lowest bigint,
    highest bigint,
    PRIMARY KEY (import, object_type, "position")
);

CREATE TABLE kartotek.import_problems (
    import bigint NOT NULL,
    line integer NOT NULL,
    place integer,
    object_type text,
    property text,
    type text NOT NULL,
    value text
);

CREATE TABLE kartotek.imports (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    person integer,
    source kartotek.source NOT NULL DEFAULT 'USER'::kartotek.source,
    state text NOT NULL,
    plan jsonb,
    draft jsonb NOT NULL DEFAULT '{}'::jsonb,
    rows bigint,
    batch integer,
    "position" bigint NOT NULL DEFAULT 0,
    message text,
    cancelled timestamp with time zone,
    created timestamp with time zone NOT NULL DEFAULT now(),
    started timestamp with time zone,
    finished timestamp with time zone,
    seen timestamp with time zone,
    matches jsonb,
    paused timestamp with time zone,
    survey jsonb,
    surveyed bigint,
    read bigint,
    since timestamp with time zone,
    since_position bigint NOT NULL DEFAULT 0,
    list bigint,
    consented timestamp with time zone,
    rehearsed boolean NOT NULL DEFAULT false,
    held_of bigint,
    files bigint[] NOT NULL,
    lines bigint[] NOT NULL DEFAULT '{}'::bigint[],
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.label_removals (
    type integer NOT NULL,
    person integer,
    rows bigint NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    first bigint NOT NULL DEFAULT 0,
    second bigint NOT NULL DEFAULT 0,
    message text,
    created timestamp with time zone NOT NULL DEFAULT now(),
    finished timestamp with time zone,
    PRIMARY KEY (type)
);

CREATE TABLE kartotek.list_members (
    list bigint NOT NULL,
    record bigint NOT NULL,
    added timestamp with time zone NOT NULL DEFAULT now(),
    import bigint,
    PRIMARY KEY (list, record)
);

CREATE TABLE kartotek.lists (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    object_type integer NOT NULL,
    person integer,
    import bigint,
    created timestamp with time zone NOT NULL DEFAULT now(),
    archived timestamp with time zone,
    filters text,
    changed timestamp with time zone,
    changed_by integer,
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.merges (
    record bigint NOT NULL,
    object_type integer NOT NULL,
    survivor bigint NOT NULL,
    at timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
    actor integer,
    PRIMARY KEY (record)
);

CREATE TABLE kartotek.migrations (
    name text NOT NULL,
    applied timestamp with time zone NOT NULL DEFAULT now(),
    PRIMARY KEY (name)
);

CREATE TABLE kartotek.object_types (
    number integer NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    singular text NOT NULL,
    label text NOT NULL,
    label_plural text NOT NULL,
    labels text[] NOT NULL DEFAULT '{}'::text[],
    kind text NOT NULL,
    icon text NOT NULL,
    display text[] NOT NULL,
    display_fallback text,
    secondary text[] NOT NULL,
    needs jsonb NOT NULL,
    pipeline text,
    stage text,
    "position" integer NOT NULL,
    archived timestamp with time zone,
    homes text[] NOT NULL DEFAULT '{}'::text[],
    one_home boolean NOT NULL DEFAULT false,
    dated text,
    UNIQUE (id),
    UNIQUE (name),
    PRIMARY KEY (number)
);

CREATE TABLE kartotek.people (
    id integer GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL,
    first_name text,
    last_name text,
    role text NOT NULL,
    password text,
    settings jsonb NOT NULL DEFAULT '{}'::jsonb,
    created timestamp with time zone NOT NULL DEFAULT now(),
    archived timestamp with time zone,
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.pins (
    record bigint NOT NULL,
    activity bigint NOT NULL,
    object_type integer NOT NULL,
    actor integer,
    pinned timestamp with time zone NOT NULL DEFAULT now(),
    PRIMARY KEY (record, activity)
);

CREATE TABLE kartotek.pipelines (
    object_type text NOT NULL,
    id text NOT NULL,
    label text NOT NULL,
    labels text[] NOT NULL DEFAULT '{}'::text[],
    "position" integer NOT NULL,
    PRIMARY KEY (object_type, id)
);

CREATE TABLE kartotek.primary_marks (
    first bigint NOT NULL,
    second bigint NOT NULL,
    began timestamp with time zone NOT NULL DEFAULT statement_timestamp(),
    actor integer,
    source kartotek.source NOT NULL,
    source_id bigint,
    PRIMARY KEY (first)
);

CREATE TABLE kartotek.properties (
    id integer GENERATED BY DEFAULT AS IDENTITY,
    object_type text NOT NULL,
    name text NOT NULL,
    label text NOT NULL,
    type text NOT NULL,
    field_type text NOT NULL,
    group_name text NOT NULL,
    options jsonb NOT NULL DEFAULT '[]'::jsonb,
    required boolean NOT NULL DEFAULT false,
    is_unique boolean NOT NULL DEFAULT false,
    read_only boolean NOT NULL DEFAULT false,
    tier text NOT NULL,
    reference text,
    labels text[] NOT NULL DEFAULT '{}'::text[],
    is_column boolean NOT NULL,
    "position" integer NOT NULL,
    archived timestamp with time zone,
    description text NOT NULL DEFAULT ''::text,
    limits jsonb NOT NULL DEFAULT '{}'::jsonb,
    UNIQUE (object_type, name),
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.property_groups (
    object_type text NOT NULL,
    name text NOT NULL,
    label text NOT NULL,
    labels text[] NOT NULL DEFAULT '{}'::text[],
    "position" integer NOT NULL,
    PRIMARY KEY (object_type, name)
);

CREATE TABLE kartotek.recipes (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    text text NOT NULL,
    person integer,
    created timestamp with time zone NOT NULL DEFAULT now(),
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.rehearsal_parts (
    import bigint NOT NULL,
    object_type integer NOT NULL,
    "position" bigint NOT NULL,
    rows integer NOT NULL,
    path text NOT NULL,
    outcomes jsonb NOT NULL,
    properties jsonb NOT NULL,
    PRIMARY KEY (import, object_type, "position")
);

CREATE TABLE kartotek.rehearsals (
    import bigint NOT NULL,
    token text NOT NULL,
    person integer,
    plan jsonb NOT NULL,
    state text NOT NULL,
    books jsonb,
    matches jsonb,
    phase text,
    done bigint NOT NULL DEFAULT 0,
    rows bigint,
    message text,
    created timestamp with time zone NOT NULL DEFAULT now(),
    finished timestamp with time zone,
    PRIMARY KEY (import)
);

CREATE TABLE kartotek.retypings (
    id bigint GENERATED ALWAYS AS IDENTITY,
    property integer NOT NULL,
    object_type text NOT NULL,
    name text NOT NULL,
    person integer,
    before text NOT NULL,
    wish jsonb NOT NULL,
    wanted jsonb,
    phase text NOT NULL DEFAULT 'reading'::text,
    "position" bigint NOT NULL DEFAULT 0,
    found bigint NOT NULL DEFAULT 0,
    rows bigint NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    lost bigint NOT NULL DEFAULT 0,
    cancelled boolean NOT NULL DEFAULT false,
    waiting text,
    message text,
    created timestamp with time zone NOT NULL DEFAULT now(),
    switched timestamp with time zone,
    finished timestamp with time zone,
    PRIMARY KEY (id),
    CHECK ((phase = ANY (ARRAY['reading'::text, 'filling'::text, 'switching'::text, 'telling'::text])))
);

CREATE TABLE kartotek.roles (
    name text NOT NULL,
    label text,
    rights jsonb NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE kartotek.sessions (
    hash bytea NOT NULL,
    person integer NOT NULL,
    csrf text NOT NULL,
    created timestamp with time zone NOT NULL DEFAULT now(),
    seen timestamp with time zone NOT NULL DEFAULT now(),
    expires timestamp with time zone NOT NULL,
    PRIMARY KEY (hash)
);

CREATE TABLE kartotek.sign_in_links (
    hash bytea NOT NULL,
    person integer,
    role text NOT NULL,
    expires timestamp with time zone NOT NULL,
    used timestamp with time zone,
    PRIMARY KEY (hash)
);

CREATE TABLE kartotek.stages (
    object_type text NOT NULL,
    pipeline text NOT NULL,
    id text NOT NULL,
    label text NOT NULL,
    labels text[] NOT NULL DEFAULT '{}'::text[],
    "position" integer NOT NULL,
    probability numeric,
    closed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (object_type, pipeline, id)
);

CREATE TABLE kartotek.team_members (
    team integer NOT NULL,
    person integer NOT NULL,
    main boolean NOT NULL DEFAULT false,
    PRIMARY KEY (team, person)
);

CREATE TABLE kartotek.teams (
    id integer GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    parent integer,
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.tokens (
    id integer GENERATED ALWAYS AS IDENTITY,
    hash bytea NOT NULL,
    name text NOT NULL,
    person integer NOT NULL,
    scopes text[] NOT NULL DEFAULT '{}'::text[],
    created timestamp with time zone NOT NULL DEFAULT now(),
    used timestamp with time zone,
    revoked timestamp with time zone,
    UNIQUE (hash),
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.undo_batches (
    import bigint NOT NULL,
    "position" bigint NOT NULL,
    counts jsonb NOT NULL,
    PRIMARY KEY (import, "position")
);

CREATE TABLE kartotek.undo_remainders (
    import bigint NOT NULL,
    object_type integer NOT NULL,
    record bigint NOT NULL,
    property text,
    why text NOT NULL,
    other bigint,
    value text
);

CREATE TABLE kartotek.undos (
    import bigint NOT NULL,
    person integer,
    state text NOT NULL,
    "position" bigint,
    message text,
    created timestamp with time zone NOT NULL DEFAULT now(),
    seen timestamp with time zone,
    finished timestamp with time zone,
    PRIMARY KEY (import)
);

CREATE TABLE kartotek.views (
    id bigint GENERATED ALWAYS AS IDENTITY,
    object_type integer NOT NULL,
    name text NOT NULL,
    person integer NOT NULL,
    everyone boolean NOT NULL,
    filters text NOT NULL,
    sort text NOT NULL,
    columns text[] NOT NULL,
    created timestamp with time zone NOT NULL DEFAULT now(),
    archived timestamp with time zone,
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.word_parts (
    part bigint NOT NULL,
    object_type integer NOT NULL,
    size bigint NOT NULL,
    PRIMARY KEY (part)
);

CREATE TABLE kartotek.words (
    part bigint NOT NULL,
    first text COLLATE "C" NOT NULL,
    last text COLLATE "C" NOT NULL,
    size integer NOT NULL,
    words text[] COLLATE "C" NOT NULL,
    records bigint[] NOT NULL
);

CREATE TABLE kartotek.words_due (
    id bigint GENERATED ALWAYS AS IDENTITY,
    object_type integer NOT NULL,
    records int8multirange NOT NULL,
    written timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id)
);

CREATE TABLE kartotek.words_known (
    object_type integer NOT NULL,
    properties text[] NOT NULL,
    PRIMARY KEY (object_type)
);

CREATE INDEX association_history_first ON kartotek.association_history USING btree (first, ended);
CREATE INDEX association_history_second ON kartotek.association_history USING btree (second, ended);
CREATE INDEX association_labels_child ON kartotek.association_labels USING btree ((
CASE
    WHEN (type = 13) THEN second
    ELSE first
END)) WHERE (type = ANY (ARRAY[13, 14]));
CREATE INDEX association_labels_parent ON kartotek.association_labels USING btree ((
CASE
    WHEN (type = 13) THEN first
    ELSE second
END)) WHERE (type = ANY (ARRAY[13, 14]));
CREATE INDEX associations_second ON kartotek.associations USING btree (second, first_type, began, first);
CREATE INDEX audit_at ON kartotek.audit USING btree (at);
CREATE INDEX audit_what ON kartotek.audit USING btree (what, at);
CREATE INDEX bulk_runs_under_way ON kartotek.bulk_runs USING btree (person) WHERE (finished IS NULL);
CREATE UNIQUE INDEX bulk_runs_undoes ON kartotek.bulk_runs USING btree (undoes) WHERE (undoes IS NOT NULL);
CREATE INDEX changes_record ON kartotek.changes USING btree (record, at);
CREATE UNIQUE INDEX identifiers_exclusive ON kartotek.identifiers USING btree (property, value) WHERE exclusive;
CREATE UNIQUE INDEX identifiers_shared ON kartotek.identifiers USING btree (property, value, record) WHERE (NOT exclusive);
CREATE INDEX import_problems_line ON kartotek.import_problems USING btree (import, line);
CREATE INDEX imports_created ON kartotek.imports USING btree (created);
CREATE UNIQUE INDEX lists_name ON kartotek.lists USING btree (lower(name)) WHERE (archived IS NULL);
CREATE INDEX merges_survivor ON kartotek.merges USING btree (survivor);
CREATE UNIQUE INDEX people_email ON kartotek.people USING btree (lower(email));
CREATE INDEX pins_activity ON kartotek.pins USING btree (activity);
CREATE UNIQUE INDEX recipes_name ON kartotek.recipes USING btree (lower(name));
CREATE UNIQUE INDEX retypings_under_way ON kartotek.retypings USING btree (property) WHERE (finished IS NULL);
CREATE INDEX sessions_person ON kartotek.sessions USING btree (person);
CREATE UNIQUE INDEX team_members_main ON kartotek.team_members USING btree (person) INCLUDE (team) WHERE main;
CREATE UNIQUE INDEX teams_name ON kartotek.teams USING btree (lower(name));
CREATE INDEX undo_remainders_import ON kartotek.undo_remainders USING btree (import, why);
CREATE INDEX views_object_type ON kartotek.views USING btree (object_type) WHERE (archived IS NULL);
CREATE INDEX words_last ON kartotek.words USING btree (part, last, first) INCLUDE (size);

-- For each object type one table of records, made from the catalogue (store/tables.py): these columns, then one for
-- each of its properties that is not kept in _extra.
CREATE TABLE crm.<object type> (
    _id bigint,
    _created timestamp with time zone,
    _updated timestamp with time zone,
    _archived timestamp with time zone,
    _actor integer,
    _source kartotek.source,
    _source_id bigint,
    _primary bigint,
    _extra jsonb,
    _archived_actor integer,
    _archived_source kartotek.source,
    _archived_source_id bigint
);
