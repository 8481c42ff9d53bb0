-- Number and mean of the MovieLens ratings of each film. MovieLens numbers films in its own way: only the links tell
-- which TMDB film a rating belongs to. The file here holds the header and what was not plain enough to be read before.
INSERT INTO rated_parts
SELECT "movieid", count(*), count(*) FILTER (isfinite("rating")), sum("rating") FILTER (isfinite("rating"))
FROM read_csv(
    $path, columns = $columns, auto_detect = false, header = true, delim = ',', quote = $quote, escape = $quote,
    store_rejects = true, rejects_limit = 0, rejects_table = 'rating_errors', rejects_scan = 'rating_scans'
)
GROUP BY "movieid";

CREATE OR REPLACE TEMP TABLE rated AS
SELECT movielens_id, sum(records) AS records, sum(ratings) AS ratings, sum(total) AS total
FROM rated_parts
GROUP BY movielens_id;

INSERT INTO movie_ratings
SELECT movies.id, sum(rated.ratings) AS ratings, sum(rated.total) / sum(rated.ratings) AS mean_rating
FROM rated
JOIN links ON links.movielens_id = rated.movielens_id
JOIN movies ON movies.id = links.movie_id
GROUP BY movies.id
HAVING sum(rated.ratings) > 0
ORDER BY movies.id;
