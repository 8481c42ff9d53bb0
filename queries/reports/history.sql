-- What was the outcome of each ingest? The newest comes first.
SELECT
    id,
    started_at,
    finished_at,
    outcome,
    reason,
    mode,
    source,
    source_sha256,
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
    films_merged,
    removals,
    events_since,
    loaded_with,
    tool_version,
    engine_version,
    decisions
FROM ingests
ORDER BY id DESC
