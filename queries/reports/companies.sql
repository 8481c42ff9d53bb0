-- Which production companies are there, and what is known of them? Those with the most films stand first.
SELECT name AS company, catalogue.*
FROM catalogue
ORDER BY films DESC, company
