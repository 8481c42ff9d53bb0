-- Which films count? One filter per line, and after it the name by which a report selects it.
SELECT id
FROM film_facts
WHERE
    year = $year  -- year
    AND year >= $first_year  -- first_year
    AND year <= $last_year  -- last_year
    AND release_date IS NULL  -- undated
    AND calendar_month BETWEEN $first_month AND $last_month  -- months
    AND (calendar_month >= $first_month OR calendar_month <= $last_month)  -- months_over_new_year
    AND profit IS NOT NULL  -- complete
    AND position(lower($title) IN lower(title)) > 0  -- title
    AND NOT EXISTS (SELECT 1 FROM movie_genres WHERE movie_genres.movie_id = id)  -- no_genre
