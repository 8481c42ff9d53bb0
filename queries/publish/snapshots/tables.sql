-- Which tables does the database have, and what do they and their columns mean?
SELECT
    duckdb_tables.table_name AS name,
    duckdb_tables.comment,
    map(list(duckdb_columns.column_name), list(coalesce(duckdb_columns.comment, ''))) AS columns
FROM duckdb_tables()
JOIN duckdb_columns()
    ON duckdb_columns.database_name = duckdb_tables.database_name
    AND duckdb_columns.schema_name = duckdb_tables.schema_name
    AND duckdb_columns.table_name = duckdb_tables.table_name
WHERE duckdb_tables.database_name = 'movies' AND duckdb_tables.schema_name = 'main'
GROUP BY duckdb_tables.table_name, duckdb_tables.comment
ORDER BY duckdb_tables.table_name;
