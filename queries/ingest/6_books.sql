-- The books of an ingest. $records was counted without the CSV reader; the table's CHECK holds the sum against it.
INSERT INTO ingests
SELECT
    $ingest AS id,
    $started_at AS started_at,
    $finished_at AS finished_at,
    $source AS source,
    $sha256 AS source_sha256,
    $tool_version AS tool_version,
    $engine_version AS engine_version,
    $schema_version AS schema_version,
    $records - (SELECT coalesce(sum(last_row - row), 0) FROM joined) AS records,
    (SELECT count(*) FROM movies) AS movies,
    (SELECT count(*) FROM texts WHERE id IS NOT NULL AND NOT has_nul) - (SELECT count(*) FROM films) AS duplicates,
    $rejects AS rejects,
    (SELECT count(*) FROM joined) AS repaired,
    $ratings AS ratings,
    $ratings_matched AS ratings_matched,
    $ratings_unread AS ratings_unread;
