"""The import wizard: one page per step. What it knows stands in the database, as the import's draft."""
