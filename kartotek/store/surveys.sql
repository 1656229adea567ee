-- get: what has been found so far, and how many rows a worker has looked at
SELECT survey, surveyed FROM kartotek.imports WHERE id = %(id)s;

-- keep: what has been found; another draft is not there to be told
UPDATE kartotek.imports SET survey = %(survey)s WHERE id = %(id)s AND state = 'DRAFT';

-- advance: so many rows have been looked at
UPDATE kartotek.imports SET surveyed = %(rows)s WHERE id = %(id)s AND state = 'DRAFT';
