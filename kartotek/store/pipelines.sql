-- add: behind those there are
INSERT INTO kartotek.pipelines (object_type, id, label, position)
SELECT %(object_type)s, %(id)s, %(label)s, coalesce(max(position) + 1, 0)
  FROM kartotek.pipelines WHERE object_type = %(object_type)s;

-- rename: files still know it by the words it had
UPDATE kartotek.pipelines SET label = %(label)s, labels = %(labels)s::text[] WHERE object_type = %(object_type)s AND id = %(id)s;

-- remove: nothing is in it
DELETE FROM kartotek.pipelines WHERE object_type = %(object_type)s AND id = %(id)s;

-- clear: its stages, which are written anew
DELETE FROM kartotek.stages WHERE object_type = %(object_type)s AND pipeline = %(id)s;
