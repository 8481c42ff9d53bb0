-- One event for each film that differs from the old database, with what it had before and what it has after as JSON: all
-- fields of a film that was added or removed, and those of a changed film that differ.
CREATE OR REPLACE TEMP TABLE film_events AS
WITH moved AS (
    SELECT movie_id, change FROM differences WHERE change IN ('added', 'removed')
),
names AS (
    SELECT
        movie_id,
        list(name ORDER BY name) FILTER (field = 'genres') AS genres,
        list(name ORDER BY name) FILTER (field = 'companies') AS companies,
        list(name ORDER BY name) FILTER (field = 'countries') AS countries,
        list(name ORDER BY name) FILTER (field = 'collections') AS collections,
        list(name ORDER BY name) FILTER (field = 'keywords') AS keywords,
        list(name ORDER BY name) FILTER (field = 'people') AS people
    FROM different_names
    WHERE movie_id IN (SELECT movie_id FROM moved)
    GROUP BY movie_id
),
films AS (
    SELECT
        films.*,
        coalesce(genres, []) AS genres,
        coalesce(companies, []) AS companies,
        coalesce(countries, []) AS countries,
        coalesce(collections, []) AS collections,
        coalesce(keywords, []) AS keywords,
        coalesce(people, []) AS people
    FROM (FROM movies UNION ALL BY NAME FROM old.movies) AS films
    LEFT JOIN names ON movie_id = id
    WHERE id IN (SELECT movie_id FROM moved)
),
objects AS (
    SELECT id AS movie_id, title, CAST(to_json(struct_pack(*COLUMNS(* EXCLUDE id))) AS varchar) AS object
    FROM films
),
fields AS (
    SELECT
        movie_id,
        title,
        field,
        CASE
            WHEN field IN ('genres', 'companies', 'countries', 'collections', 'keywords', 'people') THEN to_json(coalesce(old_names, []))
            WHEN is_plain THEN CAST(old_value AS JSON)
            ELSE to_json(old_value)
        END AS old_value,
        CASE
            WHEN field IN ('genres', 'companies', 'countries', 'collections', 'keywords', 'people') THEN to_json(coalesce(new_names, []))
            WHEN is_plain THEN CAST(new_value AS JSON)
            ELSE to_json(new_value)
        END AS new_value
    FROM (
        SELECT *, field IN (
            'adult', 'budget', 'popularity', 'release_year', 'revenue', 'runtime', 'vote_average', 'vote_count'
        ) AS is_plain  -- JSON writes them as the engine does
        FROM differences
        WHERE change = 'changed'
    )
    LEFT JOIN list_differences USING (movie_id, field)
),
events AS (
    SELECT
        movie_id,
        title,
        change,
        CASE change WHEN 'removed' THEN object END AS before,
        CASE change WHEN 'added' THEN object END AS after
    FROM objects
    JOIN moved USING (movie_id)
    UNION ALL
    SELECT
        movie_id,
        any_value(title) AS title,
        'changed' AS change,
        CAST(to_json(map(list(field ORDER BY field), list(old_value ORDER BY field))) AS varchar) AS before,
        CAST(to_json(map(list(field ORDER BY field), list(new_value ORDER BY field))) AS varchar) AS after
    FROM fields
    GROUP BY movie_id
)
SELECT row_number() OVER (ORDER BY movie_id) AS number, * FROM events;
