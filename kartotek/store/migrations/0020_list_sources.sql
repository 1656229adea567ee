-- Which import put a record on a list, so that its undo can take it off again; null where somebody did it by hand.
ALTER TABLE kartotek.list_members ADD COLUMN import bigint;
