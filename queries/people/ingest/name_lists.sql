-- The people of each film, and the lists of them that could not be read. Of a crew those
-- with other jobs are left out.
CREATE OR REPLACE TEMP TABLE film_people AS
WITH texts AS (
    UNPIVOT (SELECT movie_id, "cast", crew, directors, writers FROM film_lists)
    ON "cast", crew, directors, writers INTO NAME field VALUE text
),
listed AS (
    SELECT texts.movie_id, texts.field, unnest(list_cells.items) AS item
    FROM texts
    JOIN list_cells ON list_cells.field = texts.field AND list_cells.text = texts.text
),
credits AS (
    SELECT movie_id, tmdb_id, name, job FROM plain_credits
    UNION ALL
    SELECT
        movie_id,
        item.id AS tmdb_id,
        item.name,
        CASE field WHEN 'cast' THEN 'actor' WHEN 'directors' THEN 'Director' WHEN 'writers' THEN 'Writer' ELSE item.job END AS job
    FROM listed
),
roles AS (
    SELECT
        movie_id,
        name,
        tmdb_id,
        coalesce(job = 'Director', FALSE) AS is_director,
        coalesce(regexp_full_match(job, writing_jobs()), FALSE) AS is_writer,
        coalesce(job = 'actor', FALSE) AS is_actor
    FROM credits
)
SELECT * FROM roles WHERE is_director OR is_writer OR is_actor;

INSERT INTO unread_texts
SELECT texts.movie_id, texts.field, texts.text
FROM (
    UNPIVOT (SELECT movie_id, "cast", crew, directors, writers FROM film_lists)
    ON "cast", crew, directors, writers INTO NAME field VALUE text
) AS texts
JOIN list_cells ON list_cells.field = texts.field AND list_cells.text = texts.text
WHERE list_cells.items IS NULL;
