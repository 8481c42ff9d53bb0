-- Which fields could not be read, and in how many films?
SELECT field, films, example FROM unread_fields WHERE ingest_id = $ingest ORDER BY films DESC, field;
