"""The reports for browsers and programs, over HTTP."""
