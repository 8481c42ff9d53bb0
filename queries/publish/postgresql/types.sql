-- The reports call a type double, as DuckDB and Spark do, which PostgreSQL calls double precision.
CREATE DOMAIN double AS double precision;
