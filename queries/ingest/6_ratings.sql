-- Number and mean of the MovieLens ratings of each film. MovieLens numbers films in its own way:
-- only the links file tells which TMDB film a rating belongs to. Most such files have no quotation marks; then none is
-- looked for, so that a stray one costs one line only.
CREATE OR REPLACE TEMP TABLE link_texts AS
SELECT "movieid" AS movielens_id, "tmdbid" AS movie_id
FROM read_csv(
    $links, columns = $links_columns, auto_detect = false, header = true, delim = ',',
    quote = $links_quote, escape = $links_quote,
    null_padding = true, ignore_errors = true
);

CREATE OR REPLACE TEMP TABLE links AS
SELECT whole_number(movielens_id) AS movielens_id, min(whole_number(movie_id)) AS movie_id
FROM link_texts
GROUP BY whole_number(movielens_id);

CREATE OR REPLACE TEMP TABLE rated AS
SELECT
    "movieid" AS movielens_id,
    count(*) AS records,
    count(*) FILTER (isfinite("rating")) AS ratings,
    sum("rating") FILTER (isfinite("rating")) AS total
FROM read_csv(
    $ratings, columns = $ratings_columns, auto_detect = false, header = true, delim = ',',
    quote = $ratings_quote, escape = $ratings_quote,
    store_rejects = true, rejects_limit = 0, rejects_table = 'rating_errors', rejects_scan = 'rating_scans'
)
GROUP BY "movieid";

INSERT INTO movie_ratings
SELECT movies.id, sum(rated.ratings) AS ratings, sum(rated.total) / sum(rated.ratings) AS mean_rating
FROM rated
JOIN links ON links.movielens_id = rated.movielens_id
JOIN movies ON movies.id = links.movie_id
GROUP BY movies.id
HAVING sum(rated.ratings) > 0
ORDER BY movies.id;
