-- Which films did the last ingest add, change or remove; and which fields, from what to what?
SELECT movie_id AS id, title, change, field, old_value AS old, new_value AS new
FROM changes
WHERE change = coalesce($change, change)
ORDER BY
    CASE change WHEN 'added' THEN 1 WHEN 'removed' THEN 2 ELSE 3 END, movie_id, field NULLS LAST
