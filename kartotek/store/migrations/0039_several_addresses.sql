-- An import asks who has several addresses or domains: hardly anybody, among all. Whoever has one costs it nothing.
DO $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT table_name, column_name FROM information_schema.columns
                  WHERE table_schema = 'crm' AND column_name IN ('hs_additional_emails', 'hs_additional_domains')
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON crm.%I (_id) WHERE %I IS NOT NULL AND _archived IS NULL',
                       '_several_' || found.table_name, found.table_name, found.column_name);
    END LOOP;
END $$;
