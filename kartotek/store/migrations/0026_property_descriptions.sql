-- What a property is for, in a person's own words.
SET LOCAL lock_timeout = '200ms';
ALTER TABLE kartotek.properties ADD COLUMN description text NOT NULL DEFAULT '';
