-- Which of the films did each production company release? A co-production counts in full for each of its companies.
--
-- $companies  names of companies, or NULL for all          $label  one name for them together, or NULL
SELECT DISTINCT
    coalesce(CAST($label AS varchar), companies.name) AS name,
    limited.id,
    limited.year,
    limited.period,
    limited.budget,
    limited.revenue,
    limited.popularity
FROM limited
JOIN movie_companies ON movie_companies.movie_id = limited.id
JOIN companies ON companies.id = movie_companies.company_id
WHERE $companies IS NULL OR companies.name IN (SELECT unnest(CAST($companies AS varchar[])))
