"""File to records: readers → mapping → check → match → write → report. `run` knows the steps, no step another."""
