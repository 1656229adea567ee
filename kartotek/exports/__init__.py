"""Records to a file: what is to leave (domain/extracts), in which columns and words, in which format."""
