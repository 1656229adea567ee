-- Activities that stay on top of a record's timeline.
SET LOCAL lock_timeout = '200ms';
CREATE TABLE kartotek.pins (
    record   bigint NOT NULL,
    activity bigint NOT NULL,
    object_type integer NOT NULL,
    actor    integer,
    pinned   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (record, activity)
);
CREATE INDEX pins_activity ON kartotek.pins (activity);
