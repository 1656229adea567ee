-- A record's id has one Danish name, everywhere.
SET LOCAL lock_timeout = '200ms';
UPDATE kartotek.properties SET labels = array_replace(labels, 'Post-id', 'Kortets id') WHERE name = 'hs_object_id';
UPDATE kartotek.catalogue SET version = version + 1 + floor(random() * 1000000000)::bigint;
