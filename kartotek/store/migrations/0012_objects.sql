-- What a file must say to create a record, beside its properties: what it belongs to, and when it was.

SET LOCAL lock_timeout = '200ms';

ALTER TABLE kartotek.object_types
    ADD COLUMN homes    text[] NOT NULL DEFAULT '{}',
    ADD COLUMN one_home boolean NOT NULL DEFAULT false,
    ADD COLUMN dated    text;

UPDATE kartotek.object_types SET homes = '{contacts,companies,deals,tickets}' WHERE name IN ('emails', 'meetings', 'notes');
UPDATE kartotek.object_types SET homes = '{deals}', one_home = true WHERE name = 'line_items';
UPDATE kartotek.object_types SET dated = 'hs_timestamp' WHERE name = 'calls';
UPDATE kartotek.catalogue SET version = version + 1;
