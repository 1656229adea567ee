-- of: what was changed in one record, newest first, with the names of those who did
SELECT c.at, c.old, c.source::text, c.source_id,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS actor
  FROM kartotek.changes AS c
  LEFT JOIN kartotek.people AS p ON p.id = c.actor
 WHERE c.record = %(record)s
 ORDER BY c.at DESC, c.ctid DESC;
