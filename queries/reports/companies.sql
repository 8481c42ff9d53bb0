-- Which production companies are there, and what is known of them? Those with the most films stand first.
SELECT
    name AS company,
    tmdb_ids,
    films,
    first_year,
    last_year,
    budget,
    revenue,
    profit,
    complete,
    films AS releases,
    known_budgets,
    known_revenues
FROM catalogue
ORDER BY films DESC, company
