-- Number and mean of the MovieLens ratings of each film. MovieLens numbers films in its own way: only the links tell
-- which TMDB film a rating belongs to. This file contains the header and the blocks that Arrow could not read.
-- Texts are counted before they are read, since most of them come often.
CREATE OR REPLACE TEMP TABLE rating_texts AS
SELECT "movieid" AS movielens_id, "rating" AS rating, count(*) AS records
FROM read_csv(
    $path, columns = $columns, auto_detect = false, header = true, hive_partitioning = false, delim = $separator, quote = $quote, escape = $quote,
    store_rejects = true, rejects_limit = 0, rejects_table = 'rating_errors', rejects_scan = 'rating_scans'
)
GROUP BY "movieid", "rating";

INSERT INTO rated_parts
SELECT
    whole_number(movielens_id),
    sum(records),
    coalesce(sum(records) FILTER (stars(figure(rating)) IS NOT NULL), 0),
    sum(records * stars(figure(rating)))
FROM rating_texts
GROUP BY whole_number(movielens_id);

-- A line without the number of a film counts as unread, whatever its rating.
CREATE OR REPLACE TEMP TABLE rated AS
SELECT
    movielens_id,
    sum(records) AS records,
    CASE WHEN movielens_id IS NULL THEN 0 ELSE sum(ratings) END AS ratings,
    sum(total) AS total
FROM rated_parts
GROUP BY movielens_id;

INSERT INTO movie_ratings
SELECT
    movies.id,
    sum(rated.ratings) AS ratings,
    CAST(sum(rated.total) AS double) / 1000000 / sum(rated.ratings) AS mean_rating
FROM rated
JOIN links ON links.movielens_id = rated.movielens_id
JOIN movies ON movies.id = links.movie_id
GROUP BY movies.id
HAVING sum(rated.ratings) > 0
ORDER BY movies.id;
