-- free_exclusive: values that belonged to one record only belong to nobody; each kind has an index of its own
DELETE FROM kartotek.identifiers AS d
 USING unnest(%(records)s::bigint[], %(properties)s::integer[], %(values)s::text[]) AS i(record, property, value)
 WHERE d.exclusive AND d.property = i.property AND d.value = i.value AND d.record = i.record;

-- free_shared: the same for values that several records may have
DELETE FROM kartotek.identifiers AS d
 USING unnest(%(records)s::bigint[], %(properties)s::integer[], %(values)s::text[]) AS i(record, property, value)
 WHERE NOT d.exclusive AND d.property = i.property AND d.value = i.value AND d.record = i.record;
