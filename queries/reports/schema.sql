-- Which tables, views and columns does the database have, of which types, what are their keys, and what do they mean?
-- Those about films come first.
SELECT
    duckdb_columns.table_name AS in_table,
    duckdb_columns.column_name AS name,
    duckdb_columns.data_type AS type,
    CASE
        WHEN list_contains(keys.columns, duckdb_columns.column_name) THEN 'primary key'
        WHEN NOT duckdb_columns.is_nullable THEN 'not null'
    END AS key,
    duckdb_columns.comment
FROM duckdb_columns()
LEFT JOIN (
    SELECT database_name, table_name, constraint_column_names AS columns
    FROM duckdb_constraints()
    WHERE constraint_type = 'PRIMARY KEY'
) AS keys
    ON keys.database_name = duckdb_columns.database_name
    AND keys.table_name = duckdb_columns.table_name
WHERE NOT duckdb_columns.internal
    AND duckdb_columns.database_name IN (
        SELECT database_name FROM duckdb_databases() WHERE path IS NOT NULL OR database_name = 'movies'
    )
ORDER BY
    list_position(
        ['movies', 'companies', 'movie_companies', 'genres', 'movie_genres', 'countries', 'movie_countries', 'movie_ratings', 'popularity_scale',
            'film_facts', 'film_names', 'company_films', 'genre_films', 'country_films', 'company_years', 'genre_years'],
        duckdb_columns.table_name
    ) NULLS LAST,
    duckdb_columns.table_name,
    duckdb_columns.column_index
