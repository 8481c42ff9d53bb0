"""Finds and opens the files of a source: archives, folders, CSV files and URLs."""
