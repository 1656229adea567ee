-- begin: one at a time of each property
INSERT INTO kartotek.retypings (property, object_type, name, person, before, wish)
VALUES (%(property)s, %(object_type)s, %(name)s, %(person)s, %(before)s, %(wish)s)
RETURNING id;

-- claim: held until the step is done; another worker waits here
SELECT id, property, object_type, name, person, wish, wanted, phase, position, found, cancelled, switched, finished
  FROM kartotek.retypings WHERE id = %(id)s FOR UPDATE;

-- get: one, as people follow it
SELECT r.id, r.object_type, r.name, r.before, r.wish ->> 'kind' AS after,
       (r.wish ->> 'unique')::boolean AS is_unique, r.phase, r.rows, r.done, r.lost,
       r.cancelled, r.waiting, r.message, r.created, r.switched, r.finished,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS person_name
  FROM kartotek.retypings AS r LEFT JOIN kartotek.people AS p ON p.id = r.person
 WHERE r.id = %(id)s;

-- under_way: the one of a property that is not done yet
SELECT id FROM kartotek.retypings WHERE property = %(property)s AND finished IS NULL;

-- read: what it is to become is known, and how many records there are to write
UPDATE kartotek.retypings SET wish = %(wish)s, wanted = %(wanted)s, rows = %(rows)s, phase = 'filling', waiting = NULL
 WHERE id = %(id)s;

-- filled: so far
UPDATE kartotek.retypings
   SET position = %(position)s, found = found + %(found)s, done = least(rows, done + %(found)s), waiting = NULL,
       wanted = %(wanted)s
 WHERE id = %(id)s;

-- pass: from the first record again, or on to the switch
UPDATE kartotek.retypings SET position = 0, found = 0, phase = %(phase)s, waiting = NULL WHERE id = %(id)s;

-- switch: from this moment on; nobody writes just now
UPDATE kartotek.retypings
   SET switched = clock_timestamp(), phase = 'telling', position = 0, done = rows, waiting = NULL, wanted = %(wanted)s
 WHERE id = %(id)s;

-- told: history knows so many more
UPDATE kartotek.retypings SET position = %(position)s, lost = lost + %(lost)s WHERE id = %(id)s;

-- cancel: it stops before its next step, unless it is done but for history
UPDATE kartotek.retypings SET cancelled = true WHERE id = %(id)s AND switched IS NULL AND finished IS NULL;

-- wait: somebody is in the way
UPDATE kartotek.retypings SET waiting = %(waiting)s WHERE id = %(id)s AND finished IS NULL;

-- finish: nothing is left, or it is not to go on
UPDATE kartotek.retypings SET finished = now(), waiting = NULL, message = %(message)s WHERE id = %(id)s;
