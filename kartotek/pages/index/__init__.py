"""Index pages: what an address shows, filters, columns, saved views, previews."""
