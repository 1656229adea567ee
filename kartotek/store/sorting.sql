-- there: an index of that name, finished or not
SELECT 1 FROM pg_class WHERE relnamespace = 'crm'::regnamespace AND relname = %(name)s;

-- unfinished: what is left of an index whose building was interrupted
SELECT c.relname AS name
  FROM pg_class AS c
  JOIN pg_index AS i ON i.indexrelid = c.oid
 WHERE c.relnamespace = 'crm'::regnamespace AND c.relname = %(name)s AND NOT i.indisvalid;

-- others: the sort indexes of a table but this one, the one that was used last first
SELECT indexrelname AS name
  FROM pg_stat_user_indexes
 WHERE schemaname = 'crm' AND relname = %(table)s AND starts_with(indexrelname, 'sorted_') AND indexrelname <> %(name)s
 ORDER BY last_idx_scan DESC NULLS LAST, indexrelname;
