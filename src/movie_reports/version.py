"""The version of movie-reports."""

__version__ = "0.1.0"
