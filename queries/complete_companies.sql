-- Which company names begin with $beginning? Case and accents do not count. Those with the most films stand first.
SELECT companies.name
FROM companies
JOIN movie_companies ON movie_companies.company_id = companies.id
WHERE starts_with(lower(strip_accents(companies.name)), lower(strip_accents($beginning)))
GROUP BY companies.name
ORDER BY count(*) DESC, companies.name
LIMIT 50;
