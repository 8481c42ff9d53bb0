-- A batch of the movies file: one row per record, with the fields that a film needs as typed values.
-- A record with too few fields, the $last of which is NULL, is kept in pieces: a real field is never NULL, since $nothing
-- does not occur in files. $nuls says whether the file contains NUL characters at all, so that the check costs nothing
-- for other files.
-- Nothing is left to detection. A field is cast only after the file was read as text: DuckDB 2.0.0 would turn a
-- TRY_CAST of a column of read_csv into a CAST and drop the row (duckdb#23818). parallel = false keeps the order of a
-- part of the file; several parts are read at once, each with a small buffer.
CREATE TABLE staging.batch AS
WITH lines AS (
    SELECT *, CAST(NULL AS VARCHAR) AS no_field, COLUMNS(lambda name: name = $last) IS NULL AS is_short
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
    )
),
records AS (
    SELECT
        is_short,
        texts(struct_values(lines), $positions) AS texts,
        CASE WHEN is_short OR $nuls THEN [*COLUMNS(* EXCLUDE (no_field, is_short))] END AS fields
    FROM lines
),
typed AS (
    SELECT *, film(texts) AS film FROM records
)
SELECT
    CAST(NULL AS BIGINT) AS first_row,
    CASE WHEN is_short THEN fields END AS pieces,
    coalesce(contains(array_to_string(fields, ''), chr(0)), FALSE) AS has_nul,
    unread(film, texts) AS unread,
    unnest(film)
FROM typed;
