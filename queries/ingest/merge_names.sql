-- A delta: films of the old database that the source does not have keep their companies.
-- It is written for companies; the names of other tables take their places for other subjects.
INSERT INTO film_companies BY NAME
SELECT
    links.* EXCLUDE (company_id),
    companies.name,
    unnest(CASE WHEN companies.tmdb_ids = [] THEN [NULL] ELSE companies.tmdb_ids END) AS tmdb_id
FROM old.movie_companies AS links
JOIN old.companies ON companies.id = links.company_id
WHERE links.movie_id NOT IN (SELECT id FROM movies);
