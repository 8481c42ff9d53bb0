-- Which fields of the loaded films have text that could not be read, by column, with one example each; and which lines
-- of the links file.
INSERT INTO unread_fields
SELECT $ingest, field, count(*) AS films, min(text)[:100] AS example
FROM unread_texts
GROUP BY field
ORDER BY field;
