-- What has become of each ingest? The newest first.
SELECT
    id,
    started_at,
    outcome,
    mode,
    source,
    (
        SELECT string_agg(name || ' (' || bytes || ' bytes, ' || role || ')', ', ' ORDER BY name)
        FROM ingest_files
        WHERE ingest_id = ingests.id
    ) AS files,
    records,
    movies,
    duplicates,
    rejects,
    repaired,
    films_added,
    films_changed,
    films_removed,
    films_unchanged,
    ratings,
    ratings_matched,
    ratings_unread,
    finished_at,
    source_sha256,
    tool_version,
    engine_version,
    reason
FROM ingests
ORDER BY id DESC
