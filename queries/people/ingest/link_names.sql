-- Who made which film: once per name, with all roles of it. The films of a name are side by side.
INSERT INTO movie_people
SELECT
    film_people.movie_id,
    people.id,
    bool_or(film_people.is_director),
    bool_or(film_people.is_writer),
    bool_or(film_people.is_actor)
FROM film_people
JOIN people ON people.name = film_people.name
GROUP BY film_people.movie_id, people.id
ORDER BY people.id, film_people.movie_id;
