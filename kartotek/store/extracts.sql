-- begin: all that is read from here on is as it stands at this moment, whoever writes meanwhile
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;

-- links: what records are associated with, of some types, the oldest first; each label as the first end sees it
SELECT * FROM (
       SELECT a.first AS id, a.second AS other, a.second_type AS other_type, false AS turned, a.began,
              (SELECT string_agg(l.type::text, ';' ORDER BY l.began, l.type)
                 FROM kartotek.association_labels AS l
                WHERE l.first = a.first AND l.second = a.second AND (l.ends IS NULL OR l.ends > now())) AS labels
         FROM kartotek.associations AS a
        WHERE a.first = ANY(%(ids)s::bigint[]) AND a.second_type = ANY(%(types)s::integer[])
        UNION ALL
       SELECT a.second, a.first, a.first_type, true, a.began,
              (SELECT string_agg(l.type::text, ';' ORDER BY l.began, l.type)
                 FROM kartotek.association_labels AS l
                WHERE l.first = a.first AND l.second = a.second AND (l.ends IS NULL OR l.ends > now()))
         FROM kartotek.associations AS a
        WHERE a.second = ANY(%(ids)s::bigint[]) AND a.first_type = ANY(%(types)s::integer[])
       ) AS both_ends
 ORDER BY id, began, other;
