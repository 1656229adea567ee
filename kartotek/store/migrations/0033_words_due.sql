-- Records whose words a worker still has to put into the directory, as many were written at once (docs/decisions/search.md).
SET LOCAL lock_timeout = '200ms';
CREATE TABLE kartotek.words_due (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    object_type integer NOT NULL,
    records     int8multirange NOT NULL
);
