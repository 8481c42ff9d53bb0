-- Which genres are there, and what is known of them? Those with the most films stand first.
SELECT name AS genre, catalogue.*
FROM catalogue
ORDER BY films DESC, genre
