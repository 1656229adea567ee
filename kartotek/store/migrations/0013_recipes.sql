-- Recipes: plans of imports under a name, for everyone who imports.

SET LOCAL lock_timeout = '200ms';

CREATE TABLE kartotek.recipes (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name    text NOT NULL,
    text    text NOT NULL,       -- TOML, as the person wrote it or the wizard did
    person  integer,             -- who kept it
    created timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX recipes_name ON kartotek.recipes (lower(name));
