-- Since when words are due: while an import writes, a worker reads them a little later (docs/decisions/search.md).
SET LOCAL lock_timeout = '200ms';
ALTER TABLE kartotek.words_due ADD COLUMN written timestamptz NOT NULL DEFAULT clock_timestamp();
