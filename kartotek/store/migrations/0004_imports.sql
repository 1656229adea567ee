-- Uploaded files, imports, and what an import did to each row.

CREATE TABLE kartotek.files (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name    text NOT NULL,
    path    text NOT NULL,      -- inside the file store
    size    bigint NOT NULL,
    digest  bytea NOT NULL,     -- SHA-256
    actor   integer,
    created timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE kartotek.imports (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      text NOT NULL,
    file      bigint NOT NULL,
    person    integer,
    source    kartotek.source NOT NULL DEFAULT 'USER',
    state     text NOT NULL,
    plan      jsonb,
    draft     jsonb NOT NULL DEFAULT '{}',  -- what the wizard knows so far
    rows      bigint,                       -- of the whole file, once counted
    batch     integer,                      -- rows in a transaction, the same from its first batch to its last
    position  bigint NOT NULL DEFAULT 0,    -- rows done; moves in the transaction that did them
    message   text,                         -- why it failed, for people
    cancelled timestamptz,                  -- when somebody asked for it to stop
    created   timestamptz NOT NULL DEFAULT now(),
    started   timestamptz,
    finished  timestamptz,
    seen      timestamptz                   -- the worker's last sign of life
);
CREATE INDEX imports_created ON kartotek.imports (created);

-- One row per batch and object type, arrays inside: a million rows of outcome would double the cost of an import.
CREATE TABLE kartotek.import_outcomes (
    import      bigint NOT NULL,
    object_type integer NOT NULL,
    position    bigint NOT NULL,             -- of the batch's first row in the file
    counts      jsonb NOT NULL,              -- outcome → rows
    lines       integer[] NOT NULL,
    records     bigint[] NOT NULL,           -- 0 where there is none
    outcomes    text NOT NULL,               -- a letter per row: c u = s f h
    PRIMARY KEY (import, object_type, position)
);

CREATE TABLE kartotek.import_links (
    import   bigint NOT NULL,
    position bigint NOT NULL,
    counts   jsonb NOT NULL,
    PRIMARY KEY (import, position)
);

CREATE TABLE kartotek.import_problems (
    import      bigint NOT NULL,
    line        integer NOT NULL,
    place       integer,                     -- the column's index in the file
    object_type text,
    property    text,
    type        text NOT NULL,
    value       text
);
CREATE INDEX import_problems_line ON kartotek.import_problems (import, line);

-- Kept as they are: compressing 50,000 numbers took longer than writing them.
ALTER TABLE kartotek.import_outcomes
    ALTER COLUMN lines SET STORAGE EXTERNAL,
    ALTER COLUMN records SET STORAGE EXTERNAL,
    ALTER COLUMN outcomes SET STORAGE EXTERNAL;
