-- One run of an import may take any number of files. Lines are counted through them: `lines` says, for each source,
-- how many lines the ones before it have.
ALTER TABLE kartotek.imports ADD COLUMN files bigint[], ADD COLUMN lines bigint[] NOT NULL DEFAULT '{}';
UPDATE kartotek.imports SET files = ARRAY[file];
ALTER TABLE kartotek.imports ALTER COLUMN files SET NOT NULL, DROP COLUMN file;
