"""File to records: readers → mapping → check → match → write → report. `run` knows the steps, they don't know each other."""
