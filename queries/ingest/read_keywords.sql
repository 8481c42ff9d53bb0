-- The keywords of films that are in the table movies, from a file of their own; a film may have several records there.
-- Nothing is cast while the file is read, as in read_batch.sql.
CREATE OR REPLACE TEMP TABLE keyword_texts AS
SELECT id, keywords
FROM read_csv(
    $path, columns = $columns, auto_detect = false, header = true, hive_partitioning = false, delim = $separator,
    quote = '"', escape = '"', strict_mode = true,
    store_rejects = true, rejects_limit = 0, rejects_table = 'keyword_errors', rejects_scan = 'keyword_scans'
);

INSERT INTO film_lists BY NAME
SELECT DISTINCT movies.id AS movie_id, keyword_texts.keywords
FROM keyword_texts
JOIN movies ON movies.id = whole_number(keyword_texts.id)
WHERE keyword_texts.keywords <> '';

-- Lines that could not be read, or do not say whose keywords they have.
INSERT INTO unread_texts
SELECT NULL AS movie_id, 'keywords' AS field, concat_ws($separator, id, keywords)[:100] AS text
FROM keyword_texts
WHERE whole_number(id) IS NULL
UNION ALL
SELECT NULL AS movie_id, 'keywords' AS field, min(csv_line)[:100] AS text
FROM keyword_errors
GROUP BY line;
