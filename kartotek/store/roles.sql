-- every: the roles that people have shaped, with those who are here in any role
SELECT coalesce(r.name, p.role) AS name, r.label, r.rights, r.name IS NOT NULL AS kept, coalesce(p.people, 0) AS people
  FROM kartotek.roles AS r
  FULL JOIN (SELECT role, count(*) AS people FROM kartotek.people WHERE archived IS NULL GROUP BY role) AS p
    ON p.role = r.name;

-- keep: a new one, or one changed
INSERT INTO kartotek.roles (name, label, rights)
VALUES (%(name)s, %(label)s, %(rights)s)
ON CONFLICT (name) DO UPDATE SET label = EXCLUDED.label, rights = EXCLUDED.rights;

-- remove: a role of one's own goes, a standard one becomes what it was
DELETE FROM kartotek.roles WHERE name = %(name)s;

-- had: those who have it or had it when they left
SELECT count(*) AS people FROM kartotek.people WHERE role = %(name)s;
