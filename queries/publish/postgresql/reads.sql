-- With which statement is each table of the database file read? NUL characters, which PostgreSQL cannot store, are shown
-- as U+2400.
SELECT
    table_name AS name,
    'SELECT ' || string_agg(
        CASE data_type
            WHEN 'VARCHAR' THEN 'replace(' || column_name || ', chr(0), chr(9216)) AS ' || column_name
            ELSE column_name
        END,
        ', ' ORDER BY column_index
    ) || ' FROM ' || table_name AS statement
FROM duckdb_columns()
WHERE database_name = 'movies'
    AND schema_name = 'main'
    AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = 'movies')
GROUP BY table_name
ORDER BY table_name
