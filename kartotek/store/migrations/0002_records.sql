-- What all records share. Their own tables, crm.contacts and the others, are made from the catalogue (store/tables.py).
-- No foreign key and no trigger stands between the big tables, and every key holds the column that they would be
-- spread over machines by (docs/decisions/distribution.md).

-- Which record an address, a domain or a unique value belongs to.
CREATE TABLE kartotek.identifiers (
    property  integer NOT NULL,
    value     text COLLATE "C" NOT NULL,
    record    bigint NOT NULL,
    exclusive boolean NOT NULL
);
-- Each row stands in one index only: a primary key over all of them cost 0.7 s more for 400,000 rows
-- (docs/decisions/identifiers.md).
CREATE UNIQUE INDEX identifiers_exclusive ON kartotek.identifiers (property, value) WHERE exclusive;
CREATE UNIQUE INDEX identifiers_shared ON kartotek.identifiers (property, value, record) WHERE NOT exclusive;

-- One row per associated pair. If exactly one end is a company the other is first; else the lower type; within
-- one type the lower id.
CREATE TABLE kartotek.associations (
    first       bigint NOT NULL,
    second      bigint NOT NULL,
    first_type  integer NOT NULL,
    second_type integer NOT NULL,
    began       timestamptz NOT NULL DEFAULT now(),
    actor       integer,
    source      kartotek.source NOT NULL,
    source_id   bigint,
    PRIMARY KEY (first, second),
    CHECK (first <> second),
    CHECK ((first_type = 2 AND second_type = 2 AND first < second)
        OR (first_type <> 2 AND second_type = 2)
        OR (first_type <> 2 AND second_type <> 2 AND
            (first_type < second_type OR (first_type = second_type AND first < second))))
);
CREATE INDEX associations_second ON kartotek.associations (second, first_type, first);

CREATE TABLE kartotek.association_labels (
    first     bigint NOT NULL,
    second    bigint NOT NULL,
    type      integer NOT NULL,
    began     timestamptz NOT NULL DEFAULT now(),
    ends      timestamptz,
    actor     integer,
    source    kartotek.source NOT NULL,
    source_id bigint,
    PRIMARY KEY (first, second, type)
);

-- A row when a value changes, holding what it was; a record's first values are its creation.
CREATE TABLE kartotek.changes (
    record    bigint NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    actor     integer,
    source    kartotek.source NOT NULL,
    source_id bigint,
    old       jsonb NOT NULL
);
CREATE INDEX changes_record ON kartotek.changes (record, at);

-- A row when an association, a label or a primary mark ends.
CREATE TABLE kartotek.association_history (
    first           bigint NOT NULL,
    second          bigint NOT NULL,
    first_type      integer NOT NULL,
    second_type     integer NOT NULL,
    what            text NOT NULL CHECK (what IN ('association', 'label', 'primary')),
    type            integer,
    began           timestamptz,
    began_actor     integer,
    began_source    kartotek.source,
    began_source_id bigint,
    ended           timestamptz NOT NULL DEFAULT now(),
    ended_actor     integer,
    ended_source    kartotek.source NOT NULL,
    ended_source_id bigint,
    first_name      text,
    second_name     text
);
CREATE INDEX association_history_first ON kartotek.association_history (first, ended);
CREATE INDEX association_history_second ON kartotek.association_history (second, ended);

-- The next `count` record ids as one block, given by its first. Everybody takes ids here: two calls of nextval and
-- setval by different sessions would otherwise mix.
CREATE FUNCTION kartotek.reserve_ids(count bigint) RETURNS bigint
    LANGUAGE plpgsql AS $$
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
END $$;
