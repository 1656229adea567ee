-- update: what people may change about a property once it is there
UPDATE kartotek.properties
   SET label = %(label)s, description = %(description)s, group_name = %(group)s, field_type = %(field_type)s
 WHERE id = %(id)s;

-- set_limits: the rules for its values
UPDATE kartotek.properties SET limits = %(limits)s WHERE id = %(id)s;

-- make_unique: from now on no two records have the same value
UPDATE kartotek.properties SET is_unique = true WHERE id = %(id)s;

-- retype: what it holds from now on
UPDATE kartotek.properties
   SET type = %(type)s, field_type = %(field_type)s, options = %(options)s, limits = %(limits)s
 WHERE id = %(id)s;

-- archive: its column and its values stay
UPDATE kartotek.properties SET archived = now() WHERE id = %(id)s;

-- restore: it is what it was
UPDATE kartotek.properties SET archived = NULL WHERE id = %(id)s;

-- archived: those of a type that can still come back, the latest first
SELECT name, label, archived, archived + make_interval(days => %(days)s) AS until
  FROM kartotek.properties
 WHERE object_type = %(object_type)s AND archived > now() - make_interval(days => %(days)s)
 ORDER BY archived DESC, label;

-- archived_one: as the catalogue reads it, while it can still come back
SELECT id, object_type, name, label, type, field_type, group_name, options, required, is_unique, read_only, tier, reference, labels,
       description, limits, is_column
  FROM kartotek.properties
 WHERE object_type = %(object_type)s AND name = %(name)s AND archived > now() - make_interval(days => %(days)s);

-- add_group: behind those there are
INSERT INTO kartotek.property_groups (object_type, name, label, position)
SELECT %(object_type)s, %(name)s, %(label)s, coalesce(max(position) + 1, 0)
  FROM kartotek.property_groups WHERE object_type = %(object_type)s;

-- rename_group: the properties in it stay there
UPDATE kartotek.property_groups SET label = %(label)s, labels = '{}' WHERE object_type = %(object_type)s AND name = %(name)s;

-- used_in_views: live ones whose columns, filters or sort name it, those of other objects included that ask for it of
-- associated records; whose they are
SELECT v.name, p.first_name, p.last_name, p.email, v.everyone
  FROM kartotek.views AS v
  JOIN kartotek.people AS p ON p.id = v.person
 WHERE v.archived IS NULL
   AND CASE WHEN v.object_type = %(number)s THEN %(name)s = ANY(v.columns) OR v.filters ~ %(word)s OR v.sort ~ %(word)s
            ELSE v.filters ~ %(word)s AND v.filters ~ %(linked)s END
 ORDER BY v.name;

-- used_in_lists: live active ones whose filters name it
SELECT id, name FROM kartotek.lists
 WHERE archived IS NULL AND filters ~ %(word)s AND (object_type = %(number)s OR filters ~ %(linked)s)
 ORDER BY name, id;

-- used_in_recipes: those that write it
SELECT name FROM kartotek.recipes WHERE text ~ %(quoted)s ORDER BY name;

-- used_in_imports: how many wrote it, and how many are still on their way
SELECT count(*) AS every, count(*) FILTER (WHERE state IN ('STARTED', 'PROCESSING', 'PAUSED')) AS running
  FROM kartotek.imports
 WHERE jsonb_path_exists(plan, '$.columns[*] ? (@.property == $name && @.object_type == $object)',
                         jsonb_build_object('name', %(name)s::text, 'object', %(object_type)s::text));
