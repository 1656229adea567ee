"""How much a file may hold, whatever its kind."""

MOST_COLUMNS = 1000
