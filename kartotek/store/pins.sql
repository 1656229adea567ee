-- add: an activity stays on top of the record's timeline
INSERT INTO kartotek.pins (record, activity, object_type, actor)
VALUES (%(record)s, %(activity)s, %(object_type)s, %(actor)s) ON CONFLICT DO NOTHING;

-- remove: it goes back to its day
DELETE FROM kartotek.pins WHERE record = %(record)s AND activity = %(activity)s;

-- of: what is pinned to a record and still belongs to it, what was pinned last first
SELECT p.activity, p.object_type
  FROM kartotek.pins AS p
 WHERE p.record = %(record)s
   AND EXISTS (SELECT FROM kartotek.associations AS a
                WHERE (a.first = p.record AND a.second = p.activity) OR (a.first = p.activity AND a.second = p.record))
 ORDER BY p.pinned DESC, p.activity DESC;
