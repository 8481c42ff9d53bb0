-- The changes of this ingest replace those of the one before. The first ingest has nothing to compare with.
DELETE FROM changes;

INSERT INTO changes
SELECT $ingest AS ingest_id, movie_id, title, change, field, old_value, new_value
FROM differences
WHERE $films_before > 0
ORDER BY ALL;
