"""What a record's page leads to beside its properties and cards: its history, and what is done to all of it."""
