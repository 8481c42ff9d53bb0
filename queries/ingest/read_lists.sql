-- The genres and companies of each film, from the texts of their lists. Each distinct text is read once, and what it
-- means is decided per column from all of its cells: most columns contain lists of objects, some contain names between
-- separators. A list of which an item cannot be read has no items at all, and counts as unread.
CREATE OR REPLACE TEMP TABLE list_cells AS
WITH cells AS (
    SELECT 'genres' AS field, genres AS text FROM film_lists WHERE genres IS NOT NULL
    UNION ALL
    SELECT 'production_companies' AS field, companies AS text FROM film_lists WHERE companies IS NOT NULL
),
texts AS (
    SELECT field, text, count(*) AS films FROM cells GROUP BY field, text
),
literals AS (
    SELECT
        field,
        text,
        films,
        CASE WHEN regexp_matches(text, $$^\s*[\[{('"]$$) THEN python_literal(bracketed(text)) END AS list
    FROM texts
)
SELECT
    field,
    text,
    films,
    CASE WHEN is_missing(text) THEN [] ELSE list_items(list) END AS items,
    list IS NULL AND may_be_names(text) AND NOT is_missing(text) AS may_be_names
FROM literals;

-- How are names separated? They are expected only where they are no exception: among lists of objects, a single text is
-- damage. A few | or ; are enough, since names contain commas, but none of these.
CREATE OR REPLACE TEMP TABLE list_forms AS
WITH counts AS (
    SELECT
        field,
        sum(films) AS cells,
        coalesce(sum(films) FILTER (may_be_names), 0) AS names,
        coalesce(sum(films) FILTER (may_be_names AND contains(text, '|')), 0) AS pipes,
        coalesce(sum(films) FILTER (may_be_names AND contains(text, ';')), 0) AS semicolons,
        coalesce(sum(films) FILTER (may_be_names AND regexp_matches(text, '[^0-9],\S|,[^\s0-9]')), 0) AS commas,
        coalesce(sum(films) FILTER (may_be_names AND contains(text, ', ')), 0) AS spaced_commas,
        coalesce(sum(films) FILTER (may_be_names AND len(split_at_hyphens(text)) > 1), 0) AS hyphens,
        coalesce(
            sum(films) FILTER (may_be_names AND len(split_at_hyphens(text)) > 1 AND are_genres(split_at_hyphens(text))), 0
        ) AS hyphened_genres
    FROM list_cells
    WHERE NOT is_missing(text)
    GROUP BY field
)
SELECT
    field,
    names > 0 AND names * 20 >= cells AS has_names,
    hyphens > 0 AS has_hyphens,
    CASE
        WHEN pipes > 0 AND pipes * 20 >= commas + spaced_commas THEN '|'
        WHEN semicolons > 0 AND semicolons * 20 >= commas + spaced_commas THEN ';'
        WHEN commas > spaced_commas THEN ','
        WHEN spaced_commas > 0 THEN ', '
        WHEN field = 'genres' AND hyphened_genres > 0 AND hyphened_genres * 2 >= hyphens THEN '-'
    END AS separator
FROM counts;

UPDATE list_cells
SET items = listed_names(list_cells.field, text, coalesce(list_forms.separator, ', '))
FROM list_forms
WHERE list_forms.field = list_cells.field AND list_forms.has_names AND may_be_names;

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

INSERT INTO unread_texts
SELECT film_lists.movie_id, list_cells.field, list_cells.text
FROM list_cells
JOIN film_lists
    ON list_cells.text = CASE list_cells.field WHEN 'genres' THEN film_lists.genres ELSE film_lists.companies END
WHERE list_cells.items IS NULL;
