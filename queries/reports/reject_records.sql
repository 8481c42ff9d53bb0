-- The rejects as they are in their files, under the header of these, to be fixed and merged.
SELECT header || chr(10) || string_agg(raw || chr(10), '' ORDER BY file, line) AS text
FROM rejects
JOIN (SELECT ingest_id, name, header FROM ingest_files WHERE role = 'movies') AS sources
    ON sources.ingest_id = rejects.ingest_id AND sources.name = rejects.file
WHERE rejects.ingest_id = $ingest AND ($reason IS NULL OR reason = $reason)
GROUP BY header;
