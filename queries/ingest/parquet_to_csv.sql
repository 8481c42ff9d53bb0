-- A Parquet file as CSV. Lists and structs become JSON; whole numbers and days lose what says nothing, so that the same
-- films give the same text as in a CSV file.
COPY (
    SELECT
        CASE
            WHEN typeof(COLUMNS(*)) IN ('DOUBLE', 'FLOAT')
                THEN regexp_replace(to_json(COLUMNS(*)) ->> '$', '\.0$|^NaN$', '')
            WHEN starts_with(typeof(COLUMNS(*)), 'TIMESTAMP')
                THEN regexp_replace(to_json(COLUMNS(*)) ->> '$', ' 00:00:00([.]0+)?(\+00)?$', '')
            ELSE to_json(COLUMNS(*)) ->> '$'
        END
    FROM read_parquet($path, binary_as_string = true)
) TO $target (FORMAT csv, HEADER);
