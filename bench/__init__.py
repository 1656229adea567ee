"""Timed runs. `bin/bench` prints rows per second, peak memory and the ratio to a bare COPY of the same file."""
