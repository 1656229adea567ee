-- Which rows of a file belong together is settled once, from the database as its import found it, and kept here: whoever
-- goes on after a kill finds the database changed by the import itself.
ALTER TABLE kartotek.imports ADD COLUMN matches jsonb;
