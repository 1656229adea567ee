-- add: behind those there are
INSERT INTO kartotek.pipelines (object_type, id, label, position)
SELECT %(object_type)s, %(id)s, %(label)s, coalesce(max(position) + 1, 0)
  FROM kartotek.pipelines WHERE object_type = %(object_type)s;

-- rename: files still know it by the words it had
UPDATE kartotek.pipelines SET label = %(label)s, labels = %(labels)s::text[] WHERE object_type = %(object_type)s AND id = %(id)s;

-- arrange: in the order of these
UPDATE kartotek.pipelines AS p SET position = i.place - 1
  FROM unnest(%(ids)s::text[]) WITH ORDINALITY AS i(id, place)
 WHERE p.object_type = %(object_type)s AND p.id = i.id;

-- remove: nothing is in it
DELETE FROM kartotek.pipelines WHERE object_type = %(object_type)s AND id = %(id)s;

-- clear: its stages, which are written anew
DELETE FROM kartotek.stages WHERE object_type = %(object_type)s AND pipeline = %(id)s;
