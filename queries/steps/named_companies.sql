-- Which films has each company?
--
-- $companies  names of companies, or NULL for all
SELECT companies.name, companies.tmdb_ids, movie_companies.movie_id
FROM companies
JOIN movie_companies ON movie_companies.company_id = companies.id
WHERE $companies IS NULL OR companies.name IN (SELECT unnest(CAST($companies AS varchar[])))
