-- Contacts that find their companies by domain, where the account has asked for it.

SET LOCAL lock_timeout = '200ms';

-- What a batch of an import left for the end, when all rows of the file are in: the contacts that wait, then the
-- companies that were made for them and the contacts that were associated.
CREATE TABLE kartotek.import_domains (
    import    bigint NOT NULL,
    position  bigint NOT NULL,             -- of the batch
    waiting   bigint[],
    companies bigint[],                    -- null until they have had their turn
    contacts  bigint[],
    PRIMARY KEY (import, position)
);
