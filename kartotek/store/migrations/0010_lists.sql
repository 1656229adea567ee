-- Lists of records, picked by hand or by an import (records-and-associations.md 10.1: static lists).
CREATE TABLE kartotek.lists (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL,
    object_type integer NOT NULL,
    person      integer,
    import      bigint,                      -- the one that made it, if any
    created     timestamptz NOT NULL DEFAULT now(),
    archived    timestamptz
);
CREATE UNIQUE INDEX lists_name ON kartotek.lists (lower(name)) WHERE archived IS NULL;

CREATE TABLE kartotek.list_members (
    list   bigint NOT NULL,
    record bigint NOT NULL,
    added  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (list, record)
);

-- The list that an import puts its records on; found or made with its first batch.
ALTER TABLE kartotek.imports ADD COLUMN list bigint;
