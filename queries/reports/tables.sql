-- What does each table and view of the database contain?
SELECT table_name AS name, comment FROM duckdb_tables() WHERE database_name = 'movies'
UNION ALL
SELECT view_name AS name, comment FROM duckdb_views() WHERE database_name = 'movies' AND NOT internal
