-- How many records has the CSV reader seen, and what has become of them so far?
SELECT
    (SELECT count(*) FROM texts) - (SELECT count(*) FROM joined) + (SELECT count(*) FROM pieces)
        + (SELECT count(DISTINCT (file_id, line_byte_position)) FROM reject_errors) AS lines_read,
    (SELECT coalesce(sum(last_row - row), 0) FROM joined) AS lines_joined,
    (SELECT count(*) FROM joined) AS repaired,
    (SELECT count(*) FROM films) AS movies,
    (SELECT count(*) FROM texts WHERE id IS NOT NULL AND NOT has_nul) - (SELECT count(*) FROM films) AS duplicates;
