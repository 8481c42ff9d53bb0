-- The genres, companies and countries of each film, and the lists that could not be read.
INSERT INTO film_genres
SELECT movie_id, item.name, item.id
FROM (
    SELECT film_lists.movie_id, unnest(list_cells.items) AS item
    FROM film_lists
    JOIN list_cells ON list_cells.field = 'genres' AND list_cells.text = film_lists.genres
);

INSERT INTO film_companies
SELECT movie_id, item.name, item.id
FROM (
    SELECT film_lists.movie_id, unnest(list_cells.items) AS item
    FROM film_lists
    JOIN list_cells ON list_cells.field = 'production_companies' AND list_cells.text = film_lists.companies
);

INSERT INTO film_countries
SELECT movie_id, item.name, item.iso_3166_1
FROM (
    SELECT film_lists.movie_id, unnest(list_cells.items) AS item
    FROM film_lists
    JOIN list_cells ON list_cells.field = 'production_countries' AND list_cells.text = film_lists.countries
);

INSERT INTO unread_texts
SELECT film_lists.movie_id, list_cells.field, list_cells.text
FROM list_cells
JOIN film_lists
    ON list_cells.text = CASE list_cells.field
        WHEN 'genres' THEN film_lists.genres
        WHEN 'production_companies' THEN film_lists.companies
        ELSE film_lists.countries
    END
WHERE list_cells.items IS NULL;
