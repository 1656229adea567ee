-- One thing done to many records: what, to which, and what became of each. Which records they are is settled when it is
-- asked for; the parts that have no outcomes yet are what is left to do, so it goes on wherever it was stopped.

SET LOCAL lock_timeout = '200ms';

CREATE TABLE kartotek.bulk_runs (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text NOT NULL,                  -- edit, associate, archive, enlist, undo
    object_type integer NOT NULL,
    person      integer,
    what        jsonb NOT NULL,
    rows        bigint NOT NULL,
    undoes      bigint,                         -- the run that this one takes back
    cancelled   boolean NOT NULL DEFAULT false,
    message     text,                           -- why it could not go on
    created     timestamptz NOT NULL DEFAULT now(),
    finished    timestamptz
);
CREATE UNIQUE INDEX bulk_runs_undoes ON kartotek.bulk_runs (undoes) WHERE undoes IS NOT NULL;

CREATE TABLE kartotek.bulk_parts (
    run      bigint NOT NULL,
    part     integer NOT NULL,
    records  bigint[] NOT NULL,
    outcomes text,                              -- a letter for each of them; null until it is done
    counts   jsonb,                             -- how many there are of which
    PRIMARY KEY (run, part)
);
