"""The import wizard: one page per step. What it knows stands in the import's draft, in the database, never in a session."""
