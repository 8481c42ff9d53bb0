"""Reads the files of a source: records of films and ratings, and those that cannot be read."""
