-- The names of the companies and genres of each film, in one text; this is the part that differs between SQL engines.
CREATE VIEW film_names AS
SELECT movies.id, company_names.companies, genre_names.genres
FROM movies
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
) AS genre_names ON genre_names.movie_id = movies.id;
COMMENT ON VIEW film_names IS 'One row a film: the names of its companies and of its genres.';
COMMENT ON COLUMN film_names.id IS 'TMDB id of the film.';
COMMENT ON COLUMN film_names.companies IS 'Names of the companies, between "; ".';
COMMENT ON COLUMN film_names.genres IS 'Names of the genres, between "; ".';
