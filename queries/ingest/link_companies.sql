-- Which film has which companies: once per name, whatever its record repeats, since no key of the table says so.
INSERT INTO movie_companies
SELECT DISTINCT film_companies.movie_id, companies.id
FROM film_companies
JOIN companies ON companies.name = film_companies.name
ORDER BY ALL;
