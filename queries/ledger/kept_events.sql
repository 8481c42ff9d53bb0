-- Since which ingest are all events kept, and which ingest is the last? An older movie-reports kept none.
SELECT coalesce(arg_max(events_since, id), max(id)) AS oldest, max(id) AS last FROM ingests;
