-- The view film_names for Spark, which writes the order of joined names in words of its own.
CREATE VIEW film_names AS
SELECT movies.id, company_names.companies, genre_names.genres
FROM movies
LEFT JOIN (
    SELECT movie_companies.movie_id, array_join(array_sort(array_agg(companies.name)), '; ') AS companies
    FROM movie_companies
    JOIN companies ON companies.id = movie_companies.company_id
    GROUP BY movie_companies.movie_id
) AS company_names ON company_names.movie_id = movies.id
LEFT JOIN (
    SELECT movie_genres.movie_id, array_join(array_sort(array_agg(genres.name)), '; ') AS genres
    FROM movie_genres
    JOIN genres ON genres.id = movie_genres.genre_id
    GROUP BY movie_genres.movie_id
) AS genre_names ON genre_names.movie_id = movies.id;
