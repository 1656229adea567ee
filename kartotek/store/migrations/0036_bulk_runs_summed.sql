-- Which records a bulk change was about is kept as long as it can be taken back; then only how many they were.
SET LOCAL lock_timeout = '200ms';
ALTER TABLE kartotek.bulk_runs ADD COLUMN summed jsonb;
