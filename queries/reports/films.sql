-- Which films are behind a figure, and what is known of each? By the day of their release.
--
-- $top  only the so many films of the highest score; equal ones share a rank. NULL for all.
SELECT
    movies.id,
    movies.title,
    movies.release_date,
    company_names.companies,
    genre_names.genres,
    ranked.budget,
    ranked.revenue,
    ranked.profit,
    ranked.popularity,
    ranked.complete,
    ranked.releases,
    ranked.known_budgets,
    ranked.known_revenues,
    ranked.is_total
FROM (
    SELECT *, rank() OVER (PARTITION BY is_total ORDER BY score DESC NULLS LAST) AS place
    FROM figures
) AS ranked
LEFT JOIN movies ON movies.id = CAST(ranked.name AS bigint)
LEFT JOIN (
    SELECT movie_companies.movie_id, string_agg(companies.name, '; ' ORDER BY companies.name) AS companies
    FROM movie_companies
    JOIN companies ON companies.id = movie_companies.company_id
    GROUP BY movie_companies.movie_id
) AS company_names ON company_names.movie_id = movies.id
LEFT JOIN (
    SELECT movie_genres.movie_id, string_agg(genres.name, '; ' ORDER BY genres.name) AS genres
    FROM movie_genres
    JOIN genres ON genres.id = movie_genres.genre_id
    GROUP BY movie_genres.movie_id
) AS genre_names ON genre_names.movie_id = movies.id
WHERE ranked.is_total = 1 OR $top IS NULL OR (ranked.place <= $top AND ranked.score IS NOT NULL)
ORDER BY
    ranked.is_total,
    CASE WHEN $top IS NOT NULL THEN ranked.place END,
    movies.release_date NULLS LAST,
    movies.title,
    movies.id
