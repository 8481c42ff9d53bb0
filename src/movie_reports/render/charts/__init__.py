"""Chooses what to draw of a report, and draws it on a terminal or into a file."""
