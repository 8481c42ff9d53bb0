-- How far the topic is loaded with this batch.
DELETE FROM streams WHERE topic = $topic;

INSERT INTO streams BY NAME
SELECT $topic AS topic, $ingest AS ingest_id, $settings AS settings, unnest($offsets, recursive := true);
