-- Every page asks whether a bulk change of its reader is under way: of all that there ever were, those few.
SET LOCAL lock_timeout = '200ms';
CREATE INDEX bulk_runs_under_way ON kartotek.bulk_runs (person) WHERE finished IS NULL;
