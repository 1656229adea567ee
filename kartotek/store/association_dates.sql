-- among: from when until when these associations hold, of those of which somebody has said so
SELECT d.first, d.second, d.starts_on, d.ends_on
  FROM unnest(%(first)s::bigint[], %(second)s::bigint[]) AS i(first, second)
  JOIN kartotek.association_dates AS d ON d.first = i.first AND d.second = i.second;

-- drop: what was said of these is said no more, where it is something else than now
WITH gone AS (
    DELETE FROM kartotek.association_dates AS d
     USING unnest(%(first)s::bigint[], %(second)s::bigint[], %(starts_on)s::date[], %(ends_on)s::date[],
                  %(first_name)s::text[], %(second_name)s::text[])
           AS i(first, second, starts_on, ends_on, first_name, second_name)
     WHERE d.first = i.first AND d.second = i.second
       AND (d.starts_on, d.ends_on) IS DISTINCT FROM (i.starts_on, i.ends_on)
    RETURNING d.*, i.first_name, i.second_name
)
INSERT INTO kartotek.association_history
       (first, second, first_type, second_type, what, starts_on, ends_on, began, began_actor, began_source,
        began_source_id, first_name, second_name, ended_actor, ended_source, ended_source_id)
SELECT g.first, g.second, a.first_type, a.second_type, 'dates', g.starts_on, g.ends_on, g.began, g.actor, g.source,
       g.source_id, g.first_name, g.second_name, %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
  FROM gone AS g JOIN kartotek.associations AS a ON a.first = g.first AND a.second = g.second;

-- say: from when until when these hold
INSERT INTO kartotek.association_dates (first, second, starts_on, ends_on, actor, source, source_id)
SELECT a.first, a.second, i.starts_on, i.ends_on, %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
  FROM unnest(%(first)s::bigint[], %(second)s::bigint[], %(starts_on)s::date[], %(ends_on)s::date[])
       AS i(first, second, starts_on, ends_on)
  JOIN kartotek.associations AS a ON a.first = i.first AND a.second = i.second
 WHERE num_nonnulls(i.starts_on, i.ends_on) > 0
    ON CONFLICT (first, second) DO NOTHING;

-- there_are: whether anybody has said anything of the kind
SELECT EXISTS (SELECT FROM kartotek.association_dates) AS said;

-- of_import: of associations of these records that have days: whether an import said them, and whether it made the pair
SELECT d.first, d.second, a.first_type, a.second_type,
       (d.source, d.source_id) IS NOT DISTINCT FROM ('IMPORT', %(import)s) AS own,
       a.source IN ('IMPORT', 'DOMAIN') AND a.source_id IS NOT DISTINCT FROM %(import)s AS link_own
  FROM kartotek.association_dates AS d JOIN kartotek.associations AS a ON a.first = d.first AND a.second = d.second
 WHERE d.first = ANY(%(ids)s::bigint[]);

-- say_again: what an import said no more, as it was, of associations that there are
INSERT INTO kartotek.association_dates (first, second, starts_on, ends_on, began, actor, source, source_id)
SELECT h.first, h.second, h.starts_on, h.ends_on, h.began, h.began_actor, coalesce(h.began_source, 'UNKNOWN'),
       h.began_source_id
  FROM kartotek.association_history AS h JOIN kartotek.associations AS a ON a.first = h.first AND a.second = h.second
 WHERE h.first = ANY(%(ids)s::bigint[]) AND h.what = 'dates'
   AND h.ended_source = 'IMPORT' AND h.ended_source_id = %(import)s
   AND (h.began_source, h.began_source_id) IS DISTINCT FROM ('IMPORT', %(import)s)
    ON CONFLICT (first, second) DO NOTHING;

-- former: what was said of these when they ended
SELECT h.first, h.second, h.starts_on, h.ends_on
  FROM unnest(%(firsts)s::bigint[], %(seconds)s::bigint[], %(ended)s::timestamptz[]) AS i(first, second, ended)
  JOIN kartotek.association_history AS h USING (first, second, ended)
 WHERE h.what = 'dates';
