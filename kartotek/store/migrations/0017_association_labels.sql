-- Labels of people's own: how many a record may have of each, and those that were removed, which history still names.
ALTER TABLE kartotek.association_types
    -- How many records the first end may have by this type; null: as many as there are (records-and-associations.md 3.9)
    ADD COLUMN most integer CHECK (most BETWEEN 1 AND 10000),
    ADD COLUMN archived timestamptz;

-- Types 13 and 14 lead from a parent to its child company and back: found by the child, and by the parent.
CREATE INDEX association_labels_child ON kartotek.association_labels
    ((CASE WHEN type = 13 THEN second ELSE first END)) WHERE type IN (13, 14);
CREATE INDEX association_labels_parent ON kartotek.association_labels
    ((CASE WHEN type = 13 THEN first ELSE second END)) WHERE type IN (13, 14);
