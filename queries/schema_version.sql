-- Is this a database of movie-reports, and does it tell its data model? One of schema 1 does not.
SELECT
    count(*) FILTER (table_name = 'schema_version') > 0 AS has_version,
    count(*) FILTER (table_name IN ('movies', 'companies', 'movie_companies', 'ingests')) = 4 AS has_ledger
FROM duckdb_tables()
WHERE database_name = coalesce($database, current_database()) AND schema_name = 'main';
