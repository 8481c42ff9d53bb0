-- The companies of each film, and the lists of them that could not be read.
-- It is written for companies; the names of other tables take their places for other subjects.
CREATE OR REPLACE TEMP TABLE film_companies AS
SELECT movie_id, item.name AS name, item.id AS tmdb_id
FROM (
    SELECT film_lists.movie_id, unnest(list_cells.items) AS item
    FROM film_lists
    JOIN list_cells ON list_cells.field = 'production_companies' AND list_cells.text = film_lists.production_companies
);

INSERT INTO unread_texts
SELECT film_lists.movie_id, list_cells.field, list_cells.text
FROM film_lists
JOIN list_cells ON list_cells.field = 'production_companies' AND list_cells.text = film_lists.production_companies
WHERE list_cells.items IS NULL;
