-- What this ingest changed takes the place of what the one before it did. The first one has nothing to compare with.
INSERT INTO changes
SELECT $ingest AS ingest_id, movie_id, title, change, field, old_value, new_value
FROM differences
WHERE (SELECT count(*) FROM old.movies) > 0
ORDER BY ALL;
