-- count_people: whether there is anybody yet; archived ones count, so that nobody becomes the first twice
SELECT count(*) AS people FROM kartotek.people;

-- one_at_a_time: two links opened at once must not both make the first person
SELECT pg_advisory_xact_lock(hashtext('kartotek.people'));

-- by_id: whom a session, a link or a token stands for
SELECT p.id, p.email, p.first_name, p.last_name, p.role, p.created, p.archived, r.rights, kartotek.colleagues(p.id) AS team
  FROM kartotek.people AS p
  LEFT JOIN kartotek.roles AS r ON r.name = p.role
 WHERE p.id = %(id)s;

-- by_email: addresses differ by more than their case
SELECT p.id, p.email, p.first_name, p.last_name, p.role, p.created, p.archived, r.rights, kartotek.colleagues(p.id) AS team
  FROM kartotek.people AS p
  LEFT JOIN kartotek.roles AS r ON r.name = p.role
 WHERE lower(p.email) = lower(%(email)s);

-- everybody: all who are or were here, by name; what they may and whose records they reach is asked for one at a time
SELECT id, email, first_name, last_name, role, created, archived, NULL::jsonb AS rights, '{}'::integer[] AS team
  FROM kartotek.people
 ORDER BY kartotek.sort_key(concat_ws(' ', first_name, last_name, email)), id;

-- first_administrator: who the command line acts as unless told otherwise
SELECT p.id, p.email, p.first_name, p.last_name, p.role, p.created, p.archived, r.rights, kartotek.colleagues(p.id) AS team
  FROM kartotek.people AS p
  LEFT JOIN kartotek.roles AS r ON r.name = p.role
 WHERE p.role = 'admin' AND p.archived IS NULL
 ORDER BY p.id
 LIMIT 1;

-- other_administrators: whether somebody is left who can change roles
SELECT count(*) AS people
  FROM kartotek.people
 WHERE role = 'admin' AND archived IS NULL AND password IS NOT NULL AND id <> %(id)s;

-- add: a person without a password, who comes in by a link
INSERT INTO kartotek.people (email, role, created)
VALUES (%(email)s, %(role)s, %(now)s)
RETURNING id;

-- reinstate: an invitation to somebody known, perhaps archived, perhaps in another role
UPDATE kartotek.people
   SET role = %(role)s, archived = NULL
 WHERE id = %(id)s
RETURNING id;

-- introduce: the names and the password that a person chose on opening a link
UPDATE kartotek.people
   SET first_name = coalesce(%(first_name)s, first_name),
       last_name = coalesce(%(last_name)s, last_name),
       password = %(password)s
 WHERE id = %(id)s
RETURNING id;

-- password: kept apart from the person, so that it is read only to be checked
SELECT password FROM kartotek.people WHERE id = %(id)s;

-- set_password: hashed again when the parameters of the hash have changed
UPDATE kartotek.people SET password = %(password)s WHERE id = %(id)s;

-- preferences: theme, language, columns
SELECT settings FROM kartotek.people WHERE id = %(id)s;

-- set_preferences: as a whole, the last one wins
UPDATE kartotek.people SET settings = %(settings)s WHERE id = %(id)s;

-- add_link: a link that works once
INSERT INTO kartotek.sign_in_links (hash, person, role, expires)
VALUES (%(hash)s, %(person)s, %(role)s, %(expires)s);

-- open_link: locks it, so that two who open it at once are told apart
SELECT person, role
  FROM kartotek.sign_in_links
 WHERE hash = %(hash)s AND used IS NULL AND expires > %(now)s
   FOR UPDATE;

-- use_link: all links of the same person end with the one that was used, and those for a first person likewise
UPDATE kartotek.sign_in_links
   SET used = %(now)s
 WHERE used IS NULL AND (hash = %(hash)s OR person = %(person)s OR person IS NULL);

-- add_session: one for each browser
INSERT INTO kartotek.sessions (hash, person, csrf, created, seen, expires)
VALUES (%(hash)s, %(person)s, %(csrf)s, %(now)s, %(now)s, %(expires)s);

-- by_session: who sits in front of it
SELECT s.csrf, s.seen, p.id, p.email, p.first_name, p.last_name, p.role, p.created, p.archived, r.rights,
       kartotek.colleagues(p.id) AS team
  FROM kartotek.sessions AS s
  JOIN kartotek.people AS p ON p.id = s.person
  LEFT JOIN kartotek.roles AS r ON r.name = p.role
 WHERE s.hash = %(hash)s AND s.expires > %(now)s AND p.archived IS NULL;

-- touch_session: whoever keeps coming stays signed in
UPDATE kartotek.sessions SET seen = %(now)s, expires = %(expires)s WHERE hash = %(hash)s;

-- end_session: sign out, and sweep up those that have run out
DELETE FROM kartotek.sessions WHERE hash = %(hash)s OR expires <= %(now)s
RETURNING person, hash;

-- end_sessions_of: a new password, and all who had the old one are out
DELETE FROM kartotek.sessions WHERE person = %(person)s;

-- add_token: for a program that acts for a person
INSERT INTO kartotek.tokens (hash, name, person, scopes, created)
VALUES (%(hash)s, %(name)s, %(person)s, %(scopes)s, %(now)s)
RETURNING id;

-- by_token: the token with the person behind it
SELECT t.id AS token, t.name AS token_name, t.scopes, t.used,
       p.id, p.email, p.first_name, p.last_name, p.role, p.created, p.archived, r.rights,
       kartotek.colleagues(p.id) AS team
  FROM kartotek.tokens AS t
  JOIN kartotek.people AS p ON p.id = t.person
  LEFT JOIN kartotek.roles AS r ON r.name = p.role
 WHERE t.hash = %(hash)s AND t.revoked IS NULL AND p.archived IS NULL;

-- touch_token: when it was last used, so that forgotten ones can be found
UPDATE kartotek.tokens SET used = %(now)s WHERE id = %(id)s;

-- tokens: all there are, the newest first
SELECT id, name, person, scopes, created, revoked, used
  FROM kartotek.tokens
 ORDER BY id DESC;

-- revoke_token: at once and for good
UPDATE kartotek.tokens SET revoked = %(now)s
 WHERE id = %(id)s AND revoked IS NULL
RETURNING id, name, person, scopes, created, revoked, used;

-- note: what was done to people, links, sessions, tokens
INSERT INTO kartotek.audit (at, actor, what, about)
VALUES (%(now)s, %(actor)s, %(what)s, %(about)s);

-- audit: what was done, the latest first: to this person or by them, without these kinds; and how many fit
SELECT a.at, a.what, a.about,
       coalesce(nullif(concat_ws(' ', p.first_name, p.last_name), ''), p.email) AS actor,
       coalesce(nullif(concat_ws(' ', q.first_name, q.last_name), ''), q.email) AS person,
       count(*) OVER () AS total
  FROM kartotek.audit AS a
  LEFT JOIN kartotek.people AS p ON p.id = a.actor
  LEFT JOIN kartotek.people AS q ON q.id = (a.about ->> 'person')::integer
 WHERE (%(person)s::integer IS NULL OR a.actor = %(person)s OR (a.about ->> 'person')::integer = %(person)s)
   AND a.what <> ALL(%(without)s::text[])
 ORDER BY a.at DESC, a.ctid DESC
 LIMIT %(limit)s OFFSET %(offset)s;

-- staff: all who are or were here, by name, with their teams and whether they have ever come in
SELECT p.id, p.email, p.first_name, p.last_name, p.role, p.created, p.archived, r.rights, '{}'::integer[] AS team,
       p.password IS NOT NULL AS arrived,
       (SELECT max(s.seen) FROM kartotek.sessions AS s WHERE s.person = p.id) AS seen,
       ARRAY(SELECT m.team FROM kartotek.team_members AS m WHERE m.person = p.id ORDER BY m.main DESC, m.team) AS teams,
       (SELECT m.team FROM kartotek.team_members AS m WHERE m.person = p.id AND m.main) AS main
  FROM kartotek.people AS p
  LEFT JOIN kartotek.roles AS r ON r.name = p.role
 ORDER BY p.archived IS NOT NULL, kartotek.sort_key(concat_ws(' ', p.first_name, p.last_name, p.email)), p.id;

-- set_role: seen with their next request
UPDATE kartotek.people SET role = %(role)s WHERE id = %(id)s;

-- archive: out at once; what they own and did stays theirs
UPDATE kartotek.people SET archived = %(now)s WHERE id = %(id)s AND archived IS NULL;

-- revoke_tokens_of: programs that act for somebody who has left
UPDATE kartotek.tokens SET revoked = %(now)s WHERE person = %(person)s AND revoked IS NULL;

-- close_links_of: nobody comes in by a link that was sent before
UPDATE kartotek.sign_in_links SET used = %(now)s WHERE person = %(person)s AND used IS NULL;
