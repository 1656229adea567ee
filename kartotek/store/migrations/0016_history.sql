-- What the history of associations needs beside what ends: when a primary mark was given, who archived a record, and
-- in which batches of an import a record can be.

SET LOCAL lock_timeout = '200ms';

-- A mark begins with the association it stands on, unless a row here says otherwise: so the first company of a million
-- contacts costs nothing.
CREATE TABLE kartotek.primary_marks (
    first     bigint PRIMARY KEY,
    second    bigint NOT NULL,
    began     timestamptz NOT NULL DEFAULT statement_timestamp(),
    actor     integer,
    source    kartotek.source NOT NULL,
    source_id bigint
);

-- When a record was out of sight, once it is restored.
CREATE TABLE kartotek.archivals (
    record             bigint NOT NULL,
    archived           timestamptz NOT NULL,
    archived_actor     integer,
    archived_source    kartotek.source,
    archived_source_id bigint,
    restored           timestamptz NOT NULL DEFAULT statement_timestamp(),
    restored_actor     integer,
    restored_source    kartotek.source NOT NULL,
    restored_source_id bigint,
    PRIMARY KEY (record, archived)
);

-- Records that became part of another one; the number of the former leads to the latter.
CREATE TABLE kartotek.merges (
    record      bigint PRIMARY KEY,
    object_type integer NOT NULL,
    survivor    bigint NOT NULL,
    at          timestamptz NOT NULL DEFAULT statement_timestamp(),
    actor       integer
);
CREATE INDEX merges_survivor ON kartotek.merges (survivor);

-- As with what ends: the transaction may have begun long before it got its locks.
ALTER TABLE kartotek.associations ALTER COLUMN began SET DEFAULT statement_timestamp();
ALTER TABLE kartotek.association_labels ALTER COLUMN began SET DEFAULT statement_timestamp();

-- The newest associations of a company with 50,000 contacts come first, without reading the others.
DROP INDEX kartotek.associations_second;
CREATE INDEX associations_second ON kartotek.associations (second, first_type, began, first);

-- Between which record ids a batch's rows lie: an import creates them in blocks, so most batches need not be read.
CREATE FUNCTION kartotek.lowest(records bigint[]) RETURNS bigint IMMUTABLE STRICT PARALLEL SAFE
    LANGUAGE sql RETURN (SELECT min(id) FROM unnest(records) AS id WHERE id > 0);
CREATE FUNCTION kartotek.highest(records bigint[]) RETURNS bigint IMMUTABLE STRICT PARALLEL SAFE
    LANGUAGE sql RETURN (SELECT max(id) FROM unnest(records) AS id);
ALTER TABLE kartotek.import_outcomes
    ADD COLUMN lowest  bigint GENERATED ALWAYS AS (kartotek.lowest(records)) STORED,
    ADD COLUMN highest bigint GENERATED ALWAYS AS (kartotek.highest(records)) STORED;

-- Who archived a record, and why. Its primary company stays where it was, for those who look back.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'crm'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE crm.%I ADD COLUMN IF NOT EXISTS _archived_actor integer, '
                       'ADD COLUMN IF NOT EXISTS _archived_source kartotek.source, '
                       'ADD COLUMN IF NOT EXISTS _archived_source_id bigint', name);
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON crm.%I (_archived) WHERE _archived IS NOT NULL',
                       name || '_archived', name);
    END LOOP;
END $$;
