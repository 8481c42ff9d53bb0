-- Which of the films are of the companies? Each is a group of its own, whose name is its id.
--
-- $companies  names of companies, or NULL for all films
SELECT
    CAST(limited.id AS varchar) AS name,
    limited.id,
    limited.year,
    limited.period,
    limited.budget,
    limited.revenue,
    limited.popularity
FROM limited
WHERE $companies IS NULL OR limited.id IN (
    SELECT movie_companies.movie_id
    FROM movie_companies
    JOIN companies ON companies.id = movie_companies.company_id
    WHERE companies.name IN (SELECT unnest(CAST($companies AS varchar[])))
)
