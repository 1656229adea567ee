-- rename: what labels are called
UPDATE kartotek.association_types AS t SET label = i.label
  FROM unnest(%(ids)s::integer[], %(labels)s::text[]) AS i(id, label)
 WHERE t.id = i.id;

-- archive: removed for everybody but history
UPDATE kartotek.association_types SET archived = now() WHERE id = ANY(%(ids)s) AND archived IS NULL;

-- set_most: a limit, or none
UPDATE kartotek.association_types SET most = %(most)s WHERE id = %(id)s;

-- all_labels: removed ones too
SELECT id, label FROM kartotek.association_types WHERE label IS NOT NULL;

-- carried: how many associations have a label
SELECT count(*) AS n FROM (
    SELECT DISTINCT first, second FROM kartotek.association_labels WHERE type = ANY(%(ids)s)) AS labelled;

-- longest_pairs: the most records of one object that one of another is associated with
SELECT max(n)::integer AS n FROM (
    SELECT count(*) AS n FROM (
        SELECT first AS id FROM kartotek.associations WHERE first_type = %(one)s AND second_type = %(other)s
         UNION ALL
        SELECT second FROM kartotek.associations WHERE second_type = %(one)s AND first_type = %(other)s
         ) AS ends GROUP BY id) AS counted;

-- longest_labels: the most associations of one record that carry a label; `turned` is the label seen from the other end
SELECT max(n)::integer AS n FROM (
    SELECT count(*) AS n FROM (
        SELECT l.first AS id FROM kartotek.association_labels AS l
          JOIN kartotek.associations AS a ON a.first = l.first AND a.second = l.second
         WHERE l.type = %(type)s AND a.first_type = %(one)s
         UNION ALL
        SELECT l.second FROM kartotek.association_labels AS l
          JOIN kartotek.associations AS a ON a.first = l.first AND a.second = l.second
         WHERE l.type = %(turned)s AND a.second_type = %(one)s
         ) AS ends GROUP BY id) AS counted;
