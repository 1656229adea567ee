-- Runs over all contacts that have no company, which find theirs by domain: asked for when the setting is switched on,
-- or later. Where one is, it says itself, so it goes on wherever it was stopped.

SET LOCAL lock_timeout = '200ms';

CREATE TABLE kartotek.domain_runs (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person    integer,
    rows      bigint NOT NULL,                 -- contacts without a company when it began
    position  bigint NOT NULL DEFAULT 0,       -- the last contact that was looked at
    websites  boolean NOT NULL DEFAULT false,  -- whether it goes over those with a website once more
    looked    bigint NOT NULL DEFAULT 0,
    companies bigint NOT NULL DEFAULT 0,       -- made
    contacts  bigint NOT NULL DEFAULT 0,       -- associated
    stopped   boolean NOT NULL DEFAULT false,  -- whether it ended because the setting was switched off
    created   timestamptz NOT NULL DEFAULT now(),
    finished  timestamptz
);
