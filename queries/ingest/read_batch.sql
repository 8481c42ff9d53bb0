-- A batch of the movies file as text: one row per record, its fields as a list in the order of the file.
-- A record with too few fields ends in NULL: a real field is never NULL, since $nothing does not occur in files.
-- Nothing is left to detection, and nothing is cast here: DuckDB 2.0.0 would turn a TRY_CAST over read_csv
-- into a CAST and drop the row (duckdb#23818). parallel = false keeps the order of a part of the file; several
-- parts are read at once, each with a small buffer.
CREATE TEMP TABLE raw AS
SELECT [*COLUMNS(*)] AS fields
FROM read_csv(
    $paths,
    columns = $columns,
    auto_detect = false,
    hive_partitioning = false,
    header = true,
    delim = $separator,
    quote = '"',
    escape = '"',
    new_line = '\n',
    strict_mode = true,
    null_padding = true,
    nullstr = $nothing,
    parallel = false,
    store_rejects = true,
    rejects_limit = 0,
    max_line_size = $longest,
    buffer_size = 2 * $longest
);
