-- Which company names begin with what was typed, whose folded form is $folded? Those with the most films come first.
-- It is written for companies; the names of other tables take their places for other subjects.
SELECT companies.name
FROM companies
JOIN movie_companies ON movie_companies.company_id = companies.id
WHERE starts_with(companies.name_folded, $folded)
GROUP BY companies.name
ORDER BY count(*) DESC, companies.name
LIMIT 50;
