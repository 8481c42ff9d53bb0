-- How is each table and view of this database defined? Those of other schemas are left out, as are constraints on
-- values, which reading never evaluates, and compressions, quotes, brackets, case, blanks and lengths of texts, which
-- differ between versions of the engine, as do a cross join and a comma.
SELECT
    table_name AS name,
    md5(regexp_replace(regexp_replace(sql, ', CHECK\(.*', ''), ' USING COMPRESSION [A-Z]+|[" ;]', '', 'g')) AS definition
FROM duckdb_tables()
WHERE database_name = $database AND schema_name = 'main'
UNION ALL
SELECT view_name AS name, md5(replace(
    regexp_replace(lower(sql), '\([0-9]+\)|[" ;()\s]|main[.]', '', 'g'), 'crossjoin', ','
)) AS definition
FROM duckdb_views()
WHERE database_name = $database AND schema_name = 'main' AND NOT internal;
