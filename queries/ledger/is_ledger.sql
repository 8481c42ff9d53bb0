-- Can movie-reports have written this ledger? It is never empty, its times are in a plausible range, and each load has
-- all figures.
SELECT count(*) > 0 AND count(*) FILTER (
    WHERE finished_at < '1970-01-01'
    OR finished_at > '9999-12-31'
    OR outcome = 'loaded' AND (
        source_sha256 IS NULL
        OR movies + duplicates + rejects + repaired IS NULL
        OR films_added + films_changed + films_removed + films_unchanged IS NULL
        OR ratings IS NOT NULL AND ratings_matched + ratings_unread IS NULL
    )
) = 0 AS is_ours
FROM ingests;
