-- A property on its way to another kind. Its new values wait in a column beside the old one until all are there, so that
-- people go on reading and writing; the column of what they were before stays until history has it.
SET LOCAL lock_timeout = '200ms';

CREATE TABLE kartotek.retypings (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    property    integer NOT NULL,
    object_type text NOT NULL,
    name        text NOT NULL,                  -- of the property
    person      integer,
    before      text NOT NULL,                  -- the kind that it was
    wish        jsonb NOT NULL,                 -- what it is to hold, and how its texts are written
    wanted      jsonb,                          -- type, field type, options and rules that it is to have
    phase       text NOT NULL DEFAULT 'reading' CHECK (phase IN ('reading', 'filling', 'switching', 'telling')),
    position    bigint NOT NULL DEFAULT 0,      -- the last record looked at
    found       bigint NOT NULL DEFAULT 0,      -- in this pass
    rows        bigint NOT NULL DEFAULT 0,
    done        bigint NOT NULL DEFAULT 0,
    lost        bigint NOT NULL DEFAULT 0,
    cancelled   boolean NOT NULL DEFAULT false,
    waiting     text,                           -- for what
    message     text,                           -- why it could not go on
    created     timestamptz NOT NULL DEFAULT now(),
    switched    timestamptz,                    -- since when it holds something else
    finished    timestamptz
);
CREATE UNIQUE INDEX retypings_under_way ON kartotek.retypings (property) WHERE finished IS NULL;
