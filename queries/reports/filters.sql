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
    AND array_contains($weekdays, weekday)  -- weekdays
    AND runtime >= $first_runtime  -- first_runtime
    AND runtime <= $last_runtime  -- last_runtime
    AND array_contains($languages, language)  -- languages
    AND array_contains($statuses, status)  -- statuses
    AND votes >= $min_votes  -- min_votes
    AND budget >= $min_budget  -- min_budget
    AND revenue >= $min_revenue  -- min_revenue
    AND profit IS NOT NULL  -- complete
    AND position(lower($title) IN lower(title)) > 0  -- title
    AND NOT EXISTS (SELECT 1 FROM movie_genres WHERE movie_genres.movie_id = id)  -- no_genre
