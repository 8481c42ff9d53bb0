-- Which films of a batch will be in the table movies, and the texts that are read once all films are there: those of
-- their genres, companies and so on, and those that are not plain numbers or dates.
-- Of two records with one id the one with more votes stays; on a tie, the later.
DELETE FROM staging.batch
WHERE rowid IN (
    SELECT rowid
    FROM staging.batch
    WHERE id IN (SELECT id FROM staging.batch GROUP BY id HAVING count(*) > 1)
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY vote_count DESC NULLS LAST, coalesce(first_row, rowid) DESC) > 1
);

CREATE OR REPLACE TEMP TABLE twice AS
SELECT batch.id, coalesce(batch.vote_count, -1) >= coalesce(movies.vote_count, -1) AS is_better
FROM staging.batch
JOIN movies ON movies.id = batch.id;

DELETE FROM staging.batch WHERE id IN (SELECT id FROM twice WHERE NOT is_better);
DELETE FROM movies WHERE id IN (SELECT id FROM twice WHERE is_better);
DELETE FROM film_lists WHERE movie_id IN (SELECT id FROM twice WHERE is_better);
DELETE FROM unread_texts WHERE movie_id IN (SELECT id FROM twice WHERE is_better);

INSERT INTO film_lists
SELECT
    id,
    genres,
    production_companies,
    production_countries,
    belongs_to_collection,
    keywords,
    "cast",
    crew,
    directors,
    writers
FROM staging.batch
WHERE coalesce(
    genres,
    production_companies,
    production_countries,
    belongs_to_collection,
    keywords,
    "cast",
    crew,
    directors,
    writers
) IS NOT NULL;

INSERT INTO unread_texts
SELECT movie_id, field, text
FROM (
    UNPIVOT (
        SELECT id AS movie_id, unnest(unread) FROM staging.batch
    ) ON COLUMNS(* EXCLUDE movie_id) INTO NAME field VALUE text
);

ALTER TABLE staging.batch RENAME TO chosen;
