-- How many records of a batch did the CSV reader accept, and how many of them have too few fields?
SELECT count(*) AS lines_read, count(pieces) AS short FROM staging.batch;
