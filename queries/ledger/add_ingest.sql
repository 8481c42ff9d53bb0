-- The ledger row of an ingest. The films and duplicates are those of the source; $records was counted without the
-- CSV reader, and the table's CHECK compares the sum with it.
INSERT INTO ingests BY NAME
SELECT
    (SELECT coalesce(max(id), 0) + 1 FROM ingests) AS id,
    $started_at AS started_at,
    $finished_at AS finished_at,
    $source AS source,
    $source_sha256 AS source_sha256,
    $mode AS mode,
    $outcome AS outcome,
    $reason AS reason,
    $decisions AS decisions,
    $tool_version AS tool_version,
    $engine_version AS engine_version,
    $records AS records,
    $movies AS movies,
    $duplicates AS duplicates,
    $rejects AS rejects,
    $removals AS removals,
    $repaired AS repaired,
    $films_added AS films_added,
    $films_changed AS films_changed,
    $films_removed AS films_removed,
    $films_unchanged AS films_unchanged,
    $ratings AS ratings,
    $ratings_matched AS ratings_matched,
    $ratings_unread AS ratings_unread,
    CASE
        WHEN $outcome = 'loaded' THEN $films_merged
        ELSE (SELECT arg_max(films_merged, id) FROM ingests)
    END AS films_merged,
    $loaded_with AS loaded_with;
