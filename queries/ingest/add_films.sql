-- The films of a batch into the table movies, and the texts of their genres and companies into a table of lists.
-- Of two records with one id the one with more votes stays; on a tie, the later.
DELETE FROM films
WHERE rowid IN (
    SELECT rowid
    FROM films
    WHERE id IN (SELECT id FROM films GROUP BY id HAVING count(*) > 1)
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY vote_count DESC NULLS LAST, coalesce(first_row, rowid) DESC) > 1
);

CREATE OR REPLACE TEMP TABLE twice AS
SELECT films.id, coalesce(films.vote_count, -1) >= coalesce(movies.vote_count, -1) AS is_better
FROM films
JOIN movies ON movies.id = films.id;

DELETE FROM films WHERE id IN (SELECT id FROM twice WHERE NOT is_better);
DELETE FROM movies WHERE id IN (SELECT id FROM twice WHERE is_better);
DELETE FROM film_lists WHERE movie_id IN (SELECT id FROM twice WHERE is_better);
DELETE FROM unread_texts WHERE movie_id IN (SELECT id FROM twice WHERE is_better);

INSERT INTO movies BY NAME
SELECT
    id,
    imdb_id,
    title,
    original_title,
    original_language,
    overview,
    tagline,
    status,
    adult,
    release_date,
    runtime,
    nullif(budget, 0) AS budget,
    nullif(revenue, 0) AS revenue,
    popularity,
    vote_average,
    vote_count
FROM films;

INSERT INTO film_lists
SELECT id, genres, companies
FROM films
WHERE genres IS NOT NULL OR companies IS NOT NULL;

-- Texts that are not plain numbers or dates; once all films are there, their columns show what they mean.
INSERT INTO unread_texts
SELECT movie_id, field, text
FROM (
    UNPIVOT (
        SELECT id AS movie_id, unnest(unread) FROM films
    ) ON COLUMNS(* EXCLUDE movie_id) INTO NAME field VALUE text
);

DROP TABLE films;
