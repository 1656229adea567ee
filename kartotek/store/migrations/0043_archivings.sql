-- Counts the transactions that had all records of a type kept for themselves to archive some: while it stands still, who
-- was there is there. A sequence, as nobody waits for it.
SET LOCAL lock_timeout = '200ms';
CREATE SEQUENCE kartotek.archivings;
