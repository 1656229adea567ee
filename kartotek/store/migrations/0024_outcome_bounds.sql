-- Between which record ids a batch's rows lie is said by whoever writes them: to work it out here took the server as long
-- as to take the arrays in.
ALTER TABLE kartotek.import_outcomes ALTER COLUMN lowest DROP EXPRESSION, ALTER COLUMN highest DROP EXPRESSION;
DROP FUNCTION kartotek.lowest(bigint[]);
DROP FUNCTION kartotek.highest(bigint[]);
