-- Records that the CSV reader refused, by the offset of a byte in them; of several errors in a record the first counts.
-- The name of a part of the file contains its offset.
WITH errors AS (
    SELECT
        CAST(regexp_extract(file_path, '([0-9]+)[.]csv$', 1) AS BIGINT) + line_byte_position - 1 AS byte,
        byte_position,
        error_type
    FROM reject_errors
    JOIN reject_scans USING (scan_id, file_id)
)
SELECT
    byte,
    CASE error_type
        WHEN 'TOO MANY COLUMNS' THEN 'fields'
        WHEN 'INVALID ENCODING' THEN 'encoding'
        WHEN 'LINE SIZE OVER MAXIMUM' THEN 'size'
        ELSE 'quotes'
    END AS reason,
    CASE error_type
        WHEN 'TOO MANY COLUMNS' THEN format('it has more than {} fields', $width)
        WHEN 'INVALID ENCODING' THEN 'it is not valid UTF-8'
        WHEN 'LINE SIZE OVER MAXIMUM' THEN 'it is too long'
        ELSE 'a quotation mark is misplaced'
    END AS message
FROM errors
QUALIFY row_number() OVER (PARTITION BY byte ORDER BY byte_position) = 1
ORDER BY byte;
