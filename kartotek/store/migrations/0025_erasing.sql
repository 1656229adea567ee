-- Erasing: what somebody has a right to have forgotten. Of an address only a keyed hash is kept, to know it again.
SET LOCAL lock_timeout = '200ms';
CREATE TABLE kartotek.blocked_addresses (
    hash  bytea PRIMARY KEY,  -- HMAC-SHA-256 under the secret key, which is not in the database
    since timestamptz NOT NULL DEFAULT now(),
    actor integer
);
-- What is still to be done to files when the database has forgotten: lines of an import's files to be overwritten, or
-- a path in the file store to remove.
CREATE TABLE kartotek.erasure_files (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record bigint NOT NULL,
    import bigint,
    lines  integer[],
    path   text
);
