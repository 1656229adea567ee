-- Imports can be taken back, and paused.

-- What an undo puts back is history of its own, which no later undo may take for the import's.
ALTER TYPE kartotek.source ADD VALUE 'UNDO';

-- When a change was made is told once its record is locked: by the beginning of its transaction, somebody who had to
-- wait for a long batch would seem to have come before it, and an undo would take their value for an old one.
ALTER TABLE kartotek.changes ALTER COLUMN at SET DEFAULT statement_timestamp();
ALTER TABLE kartotek.association_history ALTER COLUMN ended SET DEFAULT statement_timestamp();

ALTER TABLE kartotek.imports ADD COLUMN paused timestamptz;   -- when somebody asked for it to pause

CREATE TABLE kartotek.undos (
    import   bigint PRIMARY KEY,
    person   integer,
    state    text NOT NULL,
    position bigint,                -- of the last batch taken back; they go last one first. Moves with what it did
    message  text,                  -- why it failed, for people
    created  timestamptz NOT NULL DEFAULT now(),
    seen     timestamptz,           -- the worker's last sign of life
    finished timestamptz
);

CREATE TABLE kartotek.undo_batches (
    import   bigint NOT NULL,
    position bigint NOT NULL,
    counts   jsonb NOT NULL,
    PRIMARY KEY (import, position)
);

-- What stays of an import, and why.
CREATE TABLE kartotek.undo_remainders (
    import      bigint NOT NULL,
    object_type integer NOT NULL,
    record      bigint NOT NULL,
    property    text,
    why         text NOT NULL,
    other       bigint,             -- the record that it is associated with, or that has the address now
    value       text                -- what would have come back
);
CREATE INDEX undo_remainders_import ON kartotek.undo_remainders (import, why);
