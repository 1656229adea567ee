-- Deleting what an import created is a job of its own. What is left to do, the records themselves say, so it goes on
-- wherever it was stopped.
CREATE TABLE kartotek.import_deletions (
    import   bigint PRIMARY KEY,
    person   integer NOT NULL,
    records  bigint NOT NULL,               -- that were there when it was asked for
    archived bigint NOT NULL DEFAULT 0,     -- so far
    message  text,                          -- why it could not go on
    created  timestamptz NOT NULL DEFAULT now(),
    finished timestamptz
);
