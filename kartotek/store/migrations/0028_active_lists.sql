-- Active lists (records-and-associations.md 10.1): what filters match, worked out whenever somebody looks. Static ones
-- have none. And who changed a list last.
SET LOCAL lock_timeout = '200ms';
ALTER TABLE kartotek.lists
    ADD COLUMN filters text,                 -- as people can read them (model/filter_texts.py)
    ADD COLUMN changed timestamptz,
    ADD COLUMN changed_by integer;
