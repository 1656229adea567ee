-- survivor: which record this one is part of, if it was merged
SELECT survivor FROM kartotek.merges WHERE record = %(record)s;

-- count: how many records have become part of these
SELECT count(*) AS n FROM kartotek.merges WHERE survivor = ANY(%(records)s::bigint[]);

-- add: one more; what was part of it is part of the survivor from now on
WITH moved AS (
    UPDATE kartotek.merges SET survivor = %(survivor)s WHERE survivor = %(record)s
)
INSERT INTO kartotek.merges (record, object_type, survivor, actor)
VALUES (%(record)s, %(object_type)s, %(survivor)s, %(actor)s);

-- carry_lists: the survivor is on every list that the other was on
WITH gone AS (DELETE FROM kartotek.list_members WHERE record = %(record)s RETURNING list, added, import)
INSERT INTO kartotek.list_members (list, record, added, import)
SELECT list, %(survivor)s, added, import FROM gone ON CONFLICT (list, record) DO NOTHING;

-- carry_pins: what was pinned to the other is pinned to the survivor, and the survivor where the other was
WITH gone AS (
    DELETE FROM kartotek.pins WHERE record = %(record)s OR activity = %(record)s
    RETURNING record, activity, object_type, actor, pinned
)
INSERT INTO kartotek.pins (record, activity, object_type, actor, pinned)
SELECT CASE WHEN record = %(record)s THEN %(survivor)s ELSE record END,
       CASE WHEN activity = %(record)s THEN %(survivor)s ELSE activity END, object_type, actor, pinned
  FROM gone ON CONFLICT (record, activity) DO NOTHING;

-- family: whether a company is somebody's parent or child
SELECT EXISTS (SELECT FROM kartotek.association_labels WHERE first = ANY(%(records)s::bigint[]) AND type IN (13, 14))
    OR EXISTS (SELECT FROM kartotek.associations AS a JOIN kartotek.association_labels AS l USING (first, second)
                WHERE a.second = ANY(%(records)s::bigint[]) AND a.first_type = 2 AND l.type IN (13, 14)) AS related;

-- lists: on how many lists the one is that the other is not on
SELECT count(*) AS n FROM kartotek.list_members AS m
 WHERE m.record = %(record)s
   AND NOT EXISTS (SELECT FROM kartotek.list_members AS o WHERE o.list = m.list AND o.record = %(survivor)s);

-- survivors: of these records of one type, those that were merged, and which records they are part of
SELECT record, survivor FROM kartotek.merges WHERE record = ANY(%(records)s::bigint[]) AND object_type = %(object_type)s;

-- met: the records of one type that are part of others, and those; no more than so many pairs
SELECT record, survivor FROM kartotek.merges WHERE object_type = %(object_type)s LIMIT %(most)s;
