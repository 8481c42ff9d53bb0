-- A delta: its films of which it has no text of people keep those that they have.
INSERT INTO film_people BY NAME
SELECT
    links.* EXCLUDE (person_id),
    people.name,
    unnest(CASE WHEN people.tmdb_ids = [] THEN [NULL] ELSE people.tmdb_ids END) AS tmdb_id
FROM old.movie_people AS links
JOIN old.people ON people.id = links.person_id
WHERE links.movie_id IN (SELECT id FROM movies)
    AND links.movie_id NOT IN (
        SELECT movie_id FROM film_lists WHERE coalesce("cast", crew, directors, writers) IS NOT NULL
        UNION ALL
        SELECT movie_id FROM plain_credits
    );
