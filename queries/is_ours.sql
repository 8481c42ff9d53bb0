-- Has this database the tables of movie-reports?
SELECT count(*) = 4 AS is_ours
FROM duckdb_tables()
WHERE database_name = coalesce($database, current_database())
    AND schema_name = 'main'
    AND table_name IN ('movies', 'companies', 'movie_companies', 'ingests');
