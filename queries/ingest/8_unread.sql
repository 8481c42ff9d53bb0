-- Which fields of the loaded films hold text that could not be read, by column, with one example each.
INSERT INTO unread_fields
SELECT $ingest, field, count(*) AS films, min(text) AS example
FROM unread_texts
GROUP BY field
ORDER BY field;
