-- Which data are these? The last run of ingest and the data model, in the file and in a published copy alike.
SELECT ingests.id, ingests.started_at, ingests.finished_at, schema_version.version
FROM ingests
CROSS JOIN schema_version
ORDER BY ingests.id DESC
LIMIT 1
