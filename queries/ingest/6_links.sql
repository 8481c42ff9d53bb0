-- Which TMDB film is meant by the number that MovieLens gives a film. Most such files have no quotation marks; then
-- none is looked for ($quote is empty), so that a stray one costs one line only.
CREATE OR REPLACE TEMP TABLE link_texts AS
SELECT "movieid" AS movielens_id, "tmdbid" AS movie_id
FROM read_csv(
    $path, columns = $columns, auto_detect = false, header = true, delim = ',', quote = $quote, escape = $quote,
    null_padding = true, ignore_errors = true
);

CREATE OR REPLACE TEMP TABLE links AS
SELECT whole_number(movielens_id) AS movielens_id, min(whole_number(movie_id)) AS movie_id
FROM link_texts
GROUP BY whole_number(movielens_id);
