-- The first films that a database gets are no events: there is nothing to compare them with.
UPDATE ingests SET events_since = id WHERE id = $ingest;
