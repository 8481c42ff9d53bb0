-- The TMDB id for each MovieLens id. Most such files do not quote fields; then $quote is empty, so that a stray
-- quotation mark damages one line only.
CREATE OR REPLACE TEMP TABLE link_texts AS
SELECT
    "movieid" AS movielens_id,
    coalesce(bare("tmdbid"), '') AS movie_id,
    array_to_string(list_transform([*COLUMNS(*)], lambda field: coalesce(field, '')), $separator) AS line
FROM read_csv(
    $path, columns = $columns, auto_detect = false, header = true, hive_partitioning = false, delim = $separator, quote = $quote, escape = $quote,
    store_rejects = true, rejects_limit = 0, rejects_table = 'link_errors', rejects_scan = 'link_scans'
);

-- Of two lines that give one number to two films, the one with the lower TMDB id counts.
CREATE OR REPLACE TEMP TABLE links AS
SELECT whole_number(movielens_id) AS movielens_id, min(whole_number(movie_id)) AS movie_id
FROM link_texts
GROUP BY whole_number(movielens_id);

-- Lines that could not be read, or that name another film than the one that counts. A missing TMDB id is not an error.
INSERT INTO unread_texts
SELECT NULL AS movie_id, 'links' AS field, link_texts.line[:100] AS text
FROM link_texts
LEFT JOIN links ON links.movielens_id = whole_number(link_texts.movielens_id)
WHERE links.movielens_id IS NULL
    OR (link_texts.movie_id <> '' AND coalesce(whole_number(link_texts.movie_id) <> links.movie_id, TRUE))
UNION ALL
SELECT NULL AS movie_id, 'links' AS field, min(csv_line)[:100] AS text
FROM link_errors
GROUP BY line;
