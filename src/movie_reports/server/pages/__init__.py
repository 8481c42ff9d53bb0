"""The reports as web pages for people."""
