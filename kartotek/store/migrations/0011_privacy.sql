-- What an account has decided (one row at most), and what was said of an import's contacts.
CREATE TABLE kartotek.account (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    settings jsonb NOT NULL
);
ALTER TABLE kartotek.imports ADD COLUMN consented timestamptz;  -- when its contacts were said to expect to hear from us
