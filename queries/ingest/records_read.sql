-- How many records the CSV reader has seen, to be held against the count that was made without it.
SELECT (SELECT count(*) FROM raw) + (SELECT count(DISTINCT line_byte_position) FROM reject_errors) AS records;
