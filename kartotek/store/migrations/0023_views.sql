-- Saved tabs of index pages: filters as text that people can read (model/filter_texts.py), sort, columns.
SET LOCAL lock_timeout = '200ms';
CREATE TABLE kartotek.views (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    object_type integer NOT NULL,
    name        text NOT NULL,
    person      integer NOT NULL,
    everyone    boolean NOT NULL,
    filters     text NOT NULL,
    sort        text NOT NULL,
    columns     text[] NOT NULL,
    created     timestamptz NOT NULL DEFAULT now(),
    archived    timestamptz
);
CREATE INDEX views_object_type ON kartotek.views (object_type) WHERE archived IS NULL;
