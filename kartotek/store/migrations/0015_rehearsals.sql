-- A rehearsal is kept, so that it can be looked through, and so that the import after it holds what has changed since.
SET LOCAL lock_timeout = '200ms';

CREATE TABLE kartotek.rehearsals (
    import   bigint PRIMARY KEY,
    token    text NOT NULL,
    person   integer,
    plan     jsonb NOT NULL,
    state    text NOT NULL,
    books    jsonb,
    matches  jsonb,                          -- which rows belong together
    phase    text,
    done     bigint NOT NULL DEFAULT 0,
    rows     bigint,
    message  text,
    created  timestamptz NOT NULL DEFAULT now(),
    finished timestamptz
);

-- The verdicts on a batch lie in the file store; here is how many there are of each kind.
CREATE TABLE kartotek.rehearsal_parts (
    import      bigint NOT NULL,
    object_type integer NOT NULL,
    position    bigint NOT NULL,
    rows        integer NOT NULL,
    path        text NOT NULL,
    outcomes    jsonb NOT NULL,
    properties  jsonb NOT NULL,
    PRIMARY KEY (import, object_type, position)
);

ALTER TABLE kartotek.imports
    ADD COLUMN rehearsed boolean NOT NULL DEFAULT false,  -- whether it holds what is not as its rehearsal found it
    ADD COLUMN held_of   bigint;                          -- the import whose held rows these are; null for the whole file
