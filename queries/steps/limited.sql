-- Which films are within the limits, in which period was each released, and how popular is it?
--
-- $first_year, $last_year     limits, or NULL             $complete    films with both figures only
-- $first_month, $last_month   limits, or NULL; 11 and 2 stand for November to February
-- $undated                    films without a date only
-- $genres, $no_genre          names of genres of which a film must have one, or NULL; films without a genre (too)
-- $by          year, quarter, month, decade or all: the period is its first year, and a text within that
-- $popularity  popularity, votes, vote-average, weighted, ratings or ratings-mean; a film without votes has no mean of
--              them and no weighted rating, which is IMDb's (v * R + m * C) / (v + m). A film that nobody rated has 0
--              ratings, if the database has ratings at all.
SELECT
    films.id,
    CASE $by
        WHEN 'all' THEN NULL
        WHEN 'decade' THEN films.release_year - films.release_year % 10
        ELSE films.release_year
    END AS year,
    CASE $by
        WHEN 'quarter' THEN lpad(CAST(films.release_year AS varchar), 4, '0') || '-Q' || films.release_quarter
        WHEN 'month' THEN lpad(CAST(films.release_year AS varchar), 4, '0')
            || '-' || lpad(CAST(films.release_month AS varchar), 2, '0')
    END AS period,
    films.budget,
    films.revenue,
    CASE $popularity
        WHEN 'votes' THEN films.vote_count
        WHEN 'vote-average' THEN films.vote
        WHEN 'weighted' THEN
            (films.votes * films.vote + vote_scale.m * vote_scale.c) / (films.votes + vote_scale.m)
        WHEN 'ratings' THEN coalesce(movie_ratings.ratings, rating_scale.none)
        WHEN 'ratings-mean' THEN movie_ratings.mean_rating
        ELSE films.popularity
    END AS popularity
FROM (
    SELECT
        *,
        CAST(extract(year FROM release_date) AS integer) AS release_year,
        CAST(extract(quarter FROM release_date) AS varchar) AS release_quarter,
        CAST(extract(month FROM release_date) AS integer) AS release_month,
        nullif(vote_count, 0) AS votes,
        CASE WHEN vote_count > 0 THEN vote_average END AS vote
    FROM movies
) AS films
CROSS JOIN vote_scale
CROSS JOIN (SELECT CASE WHEN count(*) > 0 THEN 0 END AS none FROM movie_ratings) AS rating_scale
LEFT JOIN movie_ratings ON movie_ratings.movie_id = films.id
WHERE ($first_year IS NULL OR films.release_year >= $first_year)
    AND ($last_year IS NULL OR films.release_year <= $last_year)
    AND (
        $first_month IS NULL
        OR films.release_month BETWEEN $first_month AND $last_month
        OR ($first_month > $last_month AND NOT films.release_month BETWEEN $last_month + 1 AND $first_month - 1)
    )
    AND (NOT $complete OR (films.budget IS NOT NULL AND films.revenue IS NOT NULL))
    AND (NOT $undated OR films.release_date IS NULL)
    AND (
        ($genres IS NULL AND NOT $no_genre)
        OR ($no_genre AND films.id NOT IN (SELECT movie_genres.movie_id FROM movie_genres))
        OR films.id IN (
            SELECT movie_genres.movie_id
            FROM movie_genres
            JOIN genres ON genres.id = movie_genres.genre_id
            WHERE genres.name IN (SELECT unnest(CAST($genres AS varchar[])))
        )
    )
