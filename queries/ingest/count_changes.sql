-- How many films are new, gone, changed or unchanged?
SELECT
    count(*) FILTER (change = 'added') AS films_added,
    count(*) FILTER (change = 'removed') AS films_removed,
    count(DISTINCT movie_id) FILTER (change = 'changed') AS films_changed,
    (SELECT count(*) FROM movies)
        - count(*) FILTER (change = 'added')
        - count(DISTINCT movie_id) FILTER (change = 'changed') AS films_unchanged
FROM differences;
