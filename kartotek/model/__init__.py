"""The nouns of a CRM: frozen data, no I/O."""
