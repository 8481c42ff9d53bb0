-- How many records of a batch has the CSV reader let pass, and what has become of them?
SELECT
    (SELECT count(*) FROM raw) AS lines_read,
    (SELECT coalesce(sum(last_row - row), 0) FROM joined) AS lines_joined,
    (SELECT count(*) FROM joined) AS repaired,
    (SELECT count(*) FROM films) AS loadable;
