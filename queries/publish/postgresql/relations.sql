-- Which tables (r), views (v) and other relations are in the schema $1?
SELECT pg_class.relname AS name, CAST(pg_class.relkind AS text) AS kind
FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
WHERE pg_namespace.nspname = $1
ORDER BY pg_class.relname
