-- How many films of each genre did each production company release in each year?
--
-- $companies    names of companies, or NULL for all          $label  one name for them together, or NULL
-- $first_year, $last_year, $genre   limits, or NULL          $complete  films with both figures only
-- $total        add a row per genre over all years, and one over all films, each counted once
--
-- A film with three genres counts in three rows; films is the number of distinct films of that company and year.
-- Films without a genre stand in a row of their own, whose genre is NULL.
WITH selected AS (
    SELECT DISTINCT
        coalesce(CAST($label AS varchar), companies.name) AS company,
        CAST(extract(year FROM movies.release_date) AS integer) AS year,
        movies.id
    FROM companies
    JOIN movie_companies ON movie_companies.company_id = companies.id
    JOIN movies ON movies.id = movie_companies.movie_id
    WHERE ($companies IS NULL OR companies.name IN (SELECT unnest(CAST($companies AS varchar[]))))
        AND ($first_year IS NULL OR extract(year FROM movies.release_date) >= $first_year)
        AND ($last_year IS NULL OR extract(year FROM movies.release_date) <= $last_year)
        AND (NOT $complete OR (movies.budget IS NOT NULL AND movies.revenue IS NOT NULL))
),
films AS (
    SELECT 0 AS is_total, company, year, id FROM selected
    UNION ALL
    SELECT DISTINCT 1 AS is_total, CAST(NULL AS varchar) AS company, CAST(NULL AS integer) AS year, id
    FROM selected
    WHERE $total
),
film_genres AS (
    SELECT films.is_total, films.company, films.year, films.id, genres.name AS genre
    FROM films
    LEFT JOIN movie_genres ON movie_genres.movie_id = films.id
    LEFT JOIN genres ON genres.id = movie_genres.genre_id
    WHERE $genre IS NULL OR genres.name = $genre
),
counts AS (
    SELECT is_total, company, year, count(DISTINCT id) AS films
    FROM film_genres
    GROUP BY is_total, company, year
)
SELECT
    film_genres.company,
    film_genres.year,
    film_genres.genre,
    count(*) AS releases,
    counts.films,
    film_genres.is_total
FROM film_genres
JOIN counts
    ON counts.is_total = film_genres.is_total
    AND counts.company IS NOT DISTINCT FROM film_genres.company
    AND counts.year IS NOT DISTINCT FROM film_genres.year
GROUP BY film_genres.is_total, film_genres.company, film_genres.year, film_genres.genre, counts.films
ORDER BY
    film_genres.is_total, film_genres.company, film_genres.year NULLS LAST, film_genres.genre NULLS LAST;
