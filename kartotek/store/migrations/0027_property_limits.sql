-- The rules that people set for the values of a property.
SET LOCAL lock_timeout = '200ms';
ALTER TABLE kartotek.properties ADD COLUMN limits jsonb NOT NULL DEFAULT '{}';
