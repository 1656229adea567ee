-- Labels that many associations carry, on their way out: a worker takes them off part by part.
SET LOCAL lock_timeout = '200ms';

CREATE TABLE kartotek.label_removals (
    type     integer PRIMARY KEY,              -- the label, by the smaller of its two numbers, which no other ever has
    person   integer,
    rows     bigint NOT NULL,                  -- associations that carried it when it was asked
    done     bigint NOT NULL DEFAULT 0,
    first    bigint NOT NULL DEFAULT 0,        -- the last pair looked at
    second   bigint NOT NULL DEFAULT 0,
    message  text,                             -- why it could not go on
    created  timestamptz NOT NULL DEFAULT now(),
    finished timestamptz
);
