"""The formats of files in a source: compressed ones, and those of other kinds than CSV."""
