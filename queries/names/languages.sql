-- Which original languages are there? Those of most films come first.
SELECT original_language AS language
FROM movies
WHERE original_language IS NOT NULL
GROUP BY original_language
ORDER BY count(*) DESC, language;
