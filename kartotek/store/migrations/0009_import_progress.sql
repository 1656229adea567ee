-- What is seen of an import while it runs: reading counts too, and the pace is that of the worker now at it.
ALTER TABLE kartotek.imports
    ADD COLUMN read           bigint,                     -- rows read so far, before the first one is written
    ADD COLUMN since          timestamptz,                -- when its present worker began to write
    ADD COLUMN since_position bigint NOT NULL DEFAULT 0;  -- rows that had been done by then
