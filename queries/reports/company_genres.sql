-- How many films of each genre did each production company release in each period?
--
-- $genres, $no_genre  names of genres, or NULL for all; the row of films without a genre (too)
-- $total   add a row per genre over all periods, and one over all films, each counted once
--
-- A film with three genres counts in three rows; films is the number of distinct films of that company and period.
-- Films without a genre stand in a row of their own, whose genre is NULL.
WITH films AS (
    SELECT 0 AS is_total, name AS company, year, period, id FROM members
    UNION ALL
    SELECT DISTINCT 1 AS is_total, NULL AS company, NULL AS year, NULL AS period, id
    FROM members
    WHERE $total
),
film_genres AS (
    SELECT films.is_total, films.company, films.year, films.period, films.id, genres.name AS genre
    FROM films
    LEFT JOIN movie_genres ON movie_genres.movie_id = films.id
    LEFT JOIN genres ON genres.id = movie_genres.genre_id
    WHERE ($genres IS NULL AND NOT $no_genre)
        OR ($no_genre AND genres.name IS NULL)
        OR genres.name IN (SELECT unnest(CAST($genres AS varchar[])))
),
counts AS (
    SELECT is_total, company, year, period, count(DISTINCT id) AS films
    FROM film_genres
    GROUP BY is_total, company, year, period
)
SELECT
    film_genres.company,
    film_genres.year,
    film_genres.period,
    film_genres.genre,
    count(*) AS releases,
    counts.films,
    film_genres.is_total
FROM film_genres
JOIN counts
    ON counts.is_total = film_genres.is_total
    AND counts.company IS NOT DISTINCT FROM film_genres.company
    AND counts.year IS NOT DISTINCT FROM film_genres.year
    AND counts.period IS NOT DISTINCT FROM film_genres.period
GROUP BY
    film_genres.is_total,
    film_genres.company,
    film_genres.year,
    film_genres.period,
    film_genres.genre,
    counts.films
ORDER BY
    film_genres.is_total,
    film_genres.company,
    film_genres.year NULLS LAST,
    film_genres.period,
    film_genres.genre NULLS LAST
