-- open_deals: of these records, those that are in none of these stages, the newest first; of each up to so many, those
-- that it was associated with last
SELECT i.id AS subject, d.id AS other
  FROM unnest(%(ids)s::bigint[]) AS i(id)
 CROSS JOIN LATERAL (
        (SELECT d._id AS id, d._created AS created
           FROM kartotek.associations AS a JOIN crm.deals AS d ON d._id = a.second
          WHERE a.first = i.id AND a.second_type = %(deals)s
            AND d._archived IS NULL AND (d.dealstage = ANY (%(closed)s::text[])) IS NOT TRUE
          ORDER BY a.began DESC, a.second DESC LIMIT %(most)s::bigint)
         UNION ALL
        (SELECT d._id, d._created
           FROM kartotek.associations AS a JOIN crm.deals AS d ON d._id = a.first
          WHERE a.second = i.id AND a.first_type = %(deals)s
            AND d._archived IS NULL AND (d.dealstage = ANY (%(closed)s::text[])) IS NOT TRUE
          ORDER BY a.began DESC, a.first DESC LIMIT %(most)s::bigint)
       ) AS d
 ORDER BY i.id, d.created DESC, d.id DESC;

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
