-- What an import did to each cell, counted batch by batch.
CREATE TABLE kartotek.import_cells (
    import   bigint NOT NULL,
    position bigint NOT NULL,
    counts   jsonb NOT NULL,
    PRIMARY KEY (import, position)
);
