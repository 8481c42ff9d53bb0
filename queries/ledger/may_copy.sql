-- Can the file be changed as it is? The same versions wrote it, so that names are folded by the same rule; less than half
-- of its films came or changed since its tables were last written in order; and the ledger has room.
SELECT
    tool_version = $tool_version
    AND engine_version = $engine_version
    AND 2 * coalesce(films_merged, 0) <= (SELECT count(*) FROM movies)
    AND (SELECT count(*) FROM ingests) < 20000 AS may_copy
FROM ingests
ORDER BY id DESC
LIMIT 1;
