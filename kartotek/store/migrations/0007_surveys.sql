-- What a draft's file was found to hold, over all its rows: told to whoever maps its columns. `surveyed` counts the rows
-- while a worker looks; it stands apart because it moves every second and what was found may be long.
SET LOCAL lock_timeout = '200ms';
ALTER TABLE kartotek.imports ADD COLUMN survey jsonb, ADD COLUMN surveyed bigint;
