-- begin: or go on with one that was given up
INSERT INTO kartotek.label_removals (type, person, rows) VALUES (%(type)s, %(person)s, %(rows)s)
    ON CONFLICT (type) DO UPDATE SET person = excluded.person, message = NULL;

-- claim: held until the part is done; another worker waits here
SELECT type, person, first, second FROM kartotek.label_removals
 WHERE type = %(type)s AND finished IS NULL AND message IS NULL FOR UPDATE;

-- under_way: those that are not done yet
SELECT type, rows, done, message FROM kartotek.label_removals WHERE finished IS NULL;

-- advance: so many more are done
UPDATE kartotek.label_removals SET done = least(rows, done + %(done)s), first = %(first)s, second = %(second)s
 WHERE type = %(type)s;

-- finish: no association carries it any more
UPDATE kartotek.label_removals SET finished = now(), done = rows WHERE type = %(type)s;

-- give_up: what was taken off so far stays off
UPDATE kartotek.label_removals SET message = %(message)s WHERE type = %(type)s AND finished IS NULL;
