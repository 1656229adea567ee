"""PostgreSQL: the only SQL in the project."""
