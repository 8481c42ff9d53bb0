-- Which tables and columns does the database have, of which types, what are their keys, and what do they mean?
-- Those about films stand first.
SELECT
    duckdb_columns.table_name AS in_table,
    duckdb_columns.column_name AS name,
    duckdb_columns.data_type AS type,
    CASE
        WHEN list_contains(keys.columns, duckdb_columns.column_name) THEN 'primary key'
        WHEN list_contains(uniques.columns, duckdb_columns.column_name) THEN 'unique'
        WHEN NOT duckdb_columns.is_nullable THEN 'not null'
    END AS key,
    duckdb_columns.comment,
    duckdb_tables.comment AS table_comment
FROM duckdb_columns()
JOIN duckdb_tables()
    ON duckdb_tables.database_name = duckdb_columns.database_name
    AND duckdb_tables.table_name = duckdb_columns.table_name
LEFT JOIN (
    SELECT table_name, constraint_column_names AS columns
    FROM duckdb_constraints()
    WHERE constraint_type = 'PRIMARY KEY' AND database_name = current_database()
) AS keys ON keys.table_name = duckdb_columns.table_name
LEFT JOIN (
    SELECT table_name, flatten(list(constraint_column_names)) AS columns
    FROM duckdb_constraints()
    WHERE constraint_type = 'UNIQUE' AND database_name = current_database()
    GROUP BY table_name
) AS uniques ON uniques.table_name = duckdb_columns.table_name
WHERE NOT duckdb_columns.internal AND duckdb_columns.database_name = current_database()
ORDER BY
    list_position(
        ['movies', 'companies', 'movie_companies', 'genres', 'movie_genres', 'movie_ratings'],
        duckdb_columns.table_name
    ) NULLS LAST,
    duckdb_columns.table_name,
    duckdb_columns.column_index
