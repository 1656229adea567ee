-- open_deals: of these records, those that are in none of these stages, the newest first
SELECT i.id AS subject, d._id AS other
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT second AS other FROM kartotek.associations WHERE first = i.id AND second_type = %(deals)s
         UNION ALL
        SELECT first FROM kartotek.associations WHERE second = i.id AND first_type = %(deals)s
       ) AS a
  JOIN crm.deals AS d ON d._id = a.other
 WHERE d._archived IS NULL AND (d.dealstage = ANY (%(closed)s::text[])) IS NOT TRUE
 ORDER BY i.id, d._created DESC, d._id DESC;

-- associated: what of one type each of these records is associated with
SELECT i.id AS subject, a.other
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT second AS other FROM kartotek.associations WHERE first = i.id AND second_type = %(other)s
         UNION ALL
        SELECT first FROM kartotek.associations WHERE second = i.id AND first_type = %(other)s
       ) AS a
 ORDER BY i.id, a.other;

-- ends: what each of these is associated with, of all types, up to so many of each
SELECT i.id, a.type, a.other
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        SELECT * FROM (
            SELECT second_type AS type, second AS other FROM kartotek.associations WHERE first = i.id
             UNION ALL
            SELECT first_type, first FROM kartotek.associations WHERE second = i.id
        ) AS either
         ORDER BY type, other LIMIT %(most)s::bigint
       ) AS a
 ORDER BY i.id, a.type, a.other;
