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
