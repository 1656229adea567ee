-- note: contacts that a batch of an import has left without a company
INSERT INTO kartotek.import_domains (import, position, waiting)
VALUES (%(import)s, %(position)s, %(contacts)s::bigint[]);

-- due: of an import's batches the first one whose contacts have not had their turn; then those of which some wait for
-- companies that others of the import may have brought
SELECT position, waiting FROM kartotek.import_domains
 WHERE import = %(import)s AND waiting IS NOT NULL ORDER BY companies IS NOT NULL, position LIMIT 1;

-- had: they have had it; whoever is left has a second one, and no third
UPDATE kartotek.import_domains
   SET waiting = CASE WHEN companies IS NULL THEN nullif(%(left)s::bigint[], '{}') END,
       companies = coalesce(companies, '{}') || %(companies)s::bigint[],
       contacts = coalesce(contacts, '{}') || %(contacts)s::bigint[]
 WHERE import = %(import)s AND position = %(position)s;

-- of_import: how many companies were made, and contacts associated
SELECT coalesce(sum(cardinality(companies)), 0)::bigint AS companies,
       coalesce(sum(cardinality(contacts)), 0)::bigint AS contacts
  FROM kartotek.import_domains WHERE import = %(import)s;

-- one_at_a_time: who begins a run waits until another one who does so has committed
SELECT pg_advisory_xact_lock(hashtextextended('kartotek.domain_runs', 0));

-- begin: a run over all contacts that have no company
INSERT INTO kartotek.domain_runs (person, rows)
SELECT %(person)s::integer, count(*) FROM crm.contacts WHERE _primary IS NULL AND _archived IS NULL
RETURNING id;

-- last_run: the newest one
SELECT id, rows, looked, companies, contacts, stopped, created, finished
  FROM kartotek.domain_runs ORDER BY id DESC LIMIT 1;

-- claim: held until the batch is done; another worker waits here
SELECT position, websites, finished FROM kartotek.domain_runs WHERE id = %(id)s FOR UPDATE;

-- some: the next contacts without a company, of all or of those with a website
SELECT _id FROM crm.contacts
 WHERE _id > %(after)s AND _primary IS NULL AND _archived IS NULL AND (NOT %(websites)s OR website IS NOT NULL)
 ORDER BY _id LIMIT %(most)s;

-- advance: so many more are done
UPDATE kartotek.domain_runs
   SET position = %(position)s, looked = looked + CASE WHEN websites THEN 0 ELSE %(looked)s::bigint END,
       companies = companies + %(companies)s::bigint, contacts = contacts + %(contacts)s::bigint
 WHERE id = %(id)s;

-- turn: all were looked at; a website may lead to a company that was made for another contact meanwhile
UPDATE kartotek.domain_runs SET position = 0, websites = true WHERE id = %(id)s;

-- finish: there are no more, or it is not to go on
UPDATE kartotek.domain_runs SET finished = now(), stopped = %(stopped)s WHERE id = %(id)s;
