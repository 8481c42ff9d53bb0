-- The columns of a Parquet file.
SELECT column_name FROM (DESCRIBE FROM read_parquet($path, binary_as_string = true));
