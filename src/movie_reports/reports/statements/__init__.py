"""A request becomes one SQL statement, put together from the files in queries/reports."""
