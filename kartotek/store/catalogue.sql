-- version: whether a process's copy is still good; and the time, that nearly every transaction wants to know
SELECT version, now() AS now FROM kartotek.catalogue;

-- touch: tells every process that its copy is old. A step of any length, as one that was rolled back must not be
-- met again by the next: a process may have kept a copy of it.
UPDATE kartotek.catalogue SET version = version + 1 + floor(random() * 1000000000)::bigint;

-- only_writer: one change to the catalogue at a time
SELECT version FROM kartotek.catalogue FOR UPDATE;

-- set_options: what may be chosen, in this order
UPDATE kartotek.properties SET options = %(options)s WHERE id = %(id)s;

-- knows_property: archived ones too
SELECT 1 FROM kartotek.properties WHERE object_type = %(object_type)s AND name = %(name)s;

-- archived_columns: archived properties keep theirs
SELECT count(*) AS columns FROM kartotek.properties
 WHERE object_type = %(object_type)s AND archived IS NOT NULL AND is_column;

-- object_types: in the order in which people see them
SELECT number, id, name, singular, label, label_plural, labels, kind, icon, display, display_fallback, secondary, needs, pipeline, stage,
       homes, one_home, dated
  FROM kartotek.object_types
 WHERE archived IS NULL
 ORDER BY position, number;

-- properties: of every type
SELECT id, object_type, name, label, type, field_type, group_name, options, required, is_unique, read_only, tier, reference, labels,
       description, limits, is_column
  FROM kartotek.properties
 WHERE archived IS NULL
 ORDER BY object_type, position, id;

-- groups: of every type
SELECT object_type, name, label, labels FROM kartotek.property_groups ORDER BY object_type, position;

-- pipelines: with their stages as one array each
SELECT p.object_type, p.id, p.label, p.labels, p.position,
       (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.position)
          FROM kartotek.stages s WHERE s.object_type = p.object_type AND s.pipeline = p.id) AS stages
  FROM kartotek.pipelines p
 ORDER BY p.object_type, p.position, p.label;

-- association_types: all, both directions
SELECT id, category, from_type, to_type, kind, name, label, inverse, most
  FROM kartotek.association_types WHERE archived IS NULL ORDER BY id;

-- next_association_type: behind the last one, removed ones included, as history still names those
SELECT greatest(max(id) + 1, %(least)s) AS id FROM kartotek.association_types;

-- add_object_types: one for each element
INSERT INTO kartotek.object_types
       (number, id, name, singular, label, label_plural, labels, kind, icon, display, display_fallback, secondary, needs, pipeline, stage,
        homes, one_home, dated, position)
SELECT number, id, name, singular, label, label_plural, labels, kind, icon, display, display_fallback, secondary, needs, pipeline, stage,
       homes, one_home, dated, position
  FROM jsonb_to_recordset(%(rows)s) AS r(number integer, id text, name text, singular text, label text, label_plural text, labels text[], kind text,
       icon text, display text[], display_fallback text, secondary text[], needs jsonb, pipeline text, stage text,
       homes text[], one_home boolean, dated text, position integer);

-- rename_object_type: what people call it
UPDATE kartotek.object_types SET label = %(label)s, label_plural = %(label_plural)s WHERE name = %(name)s;

-- add_home: a type that records of these types may belong to
UPDATE kartotek.object_types SET homes = homes || ARRAY[%(home)s::text]
 WHERE name = ANY(%(names)s) AND NOT %(home)s = ANY(homes);

-- add_properties: one for each element; those without an id take the next
INSERT INTO kartotek.properties
       (object_type, name, label, type, field_type, group_name, options, required, is_unique, read_only, tier, reference, labels, description,
        is_column, position)
SELECT object_type, name, label, type, field_type, group_name, options, required, is_unique, read_only, tier, reference, labels, description,
       is_column, position
  FROM jsonb_to_recordset(%(rows)s) AS r(object_type text, name text, label text, type text, field_type text,
       group_name text, options jsonb, required boolean, is_unique boolean, read_only boolean, tier text, reference text,
       labels text[], description text, is_column boolean, position integer)
 ORDER BY object_type, position;

-- add_groups: one for each element
INSERT INTO kartotek.property_groups (object_type, name, label, labels, position)
SELECT object_type, name, label, labels, position
  FROM jsonb_to_recordset(%(rows)s) AS r(object_type text, name text, label text, labels text[], position integer);

-- add_pipelines: one for each element
INSERT INTO kartotek.pipelines (object_type, id, label, labels, position)
SELECT object_type, id, label, labels, position
  FROM jsonb_to_recordset(%(rows)s) AS r(object_type text, id text, label text, labels text[], position integer);

-- add_stages: one for each element
INSERT INTO kartotek.stages (object_type, pipeline, id, label, labels, position, probability, closed)
SELECT object_type, pipeline, id, label, labels, position, probability, closed
  FROM jsonb_to_recordset(%(rows)s) AS r(object_type text, pipeline text, id text, label text, labels text[], position integer,
       probability numeric, closed boolean);

-- add_association_types: one for each element
INSERT INTO kartotek.association_types (id, category, from_type, to_type, kind, name, label, inverse, most)
SELECT id, category, from_type, to_type, kind, name, label, inverse, most
  FROM jsonb_to_recordset(%(rows)s) AS r(id integer, category text, from_type text, to_type text, kind text, name text,
       label text, inverse integer, most integer);
