-- From when until when an association holds, as people and files say; not when Kartotek kept it, which stands on the
-- association (docs/decisions/association-dates.md). Hardly any association has such days: so a table of their own, and
-- the rows of associations stay as short as they are. What is said no more is history.
SET LOCAL lock_timeout = '200ms';
CREATE TABLE kartotek.association_dates (
    first bigint NOT NULL,
    second bigint NOT NULL,
    starts_on date,
    ends_on date,
    began timestamptz NOT NULL DEFAULT statement_timestamp(),
    actor integer,
    source kartotek.source NOT NULL,
    source_id bigint,
    PRIMARY KEY (first, second),
    CHECK (num_nonnulls(starts_on, ends_on) > 0),
    CHECK (starts_on <= ends_on)
);
ALTER TABLE kartotek.association_history ADD COLUMN starts_on date, ADD COLUMN ends_on date;
ALTER TABLE kartotek.association_history DROP CONSTRAINT association_history_what_check,
    ADD CONSTRAINT association_history_what_check CHECK (what IN ('association', 'label', 'primary', 'dates'));
