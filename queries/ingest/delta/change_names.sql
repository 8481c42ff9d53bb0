-- The companies of the films of a delta, by their names. A name keeps its TMDB ids as long as another film has it.
-- It is written for companies; the names of other tables take their places for other subjects.
CREATE OR REPLACE TEMP TABLE lone AS
SELECT id
FROM old.companies
WHERE id NOT IN (
    SELECT company_id
    FROM movie_companies
    WHERE company_id IN (SELECT id FROM old.companies) AND movie_id NOT IN (SELECT id FROM old.movies)
);

CREATE OR REPLACE TEMP TABLE known AS
SELECT
    companies.id,
    companies.tmdb_ids AS ids_before,
    list_sort(list_distinct(
        CASE WHEN companies.id IN (SELECT id FROM lone) THEN news.tmdb_ids ELSE companies.tmdb_ids || news.tmdb_ids END
    )) AS tmdb_ids,
    news.id AS new_id
FROM companies
JOIN staging.companies AS news ON news.name = companies.name;

DELETE FROM companies WHERE id IN (SELECT id FROM lone) AND id NOT IN (SELECT id FROM known);

UPDATE companies SET tmdb_ids = known.tmdb_ids
FROM known
WHERE known.id = companies.id AND known.tmdb_ids <> known.ids_before;

CREATE OR REPLACE TEMP TABLE added AS
SELECT
    (SELECT coalesce(max(id), 0) FROM companies) + row_number() OVER (ORDER BY name) AS id,
    name,
    name_folded,
    tmdb_ids,
    id AS new_id
FROM staging.companies
WHERE id NOT IN (SELECT new_id FROM known);

INSERT INTO companies BY NAME SELECT * EXCLUDE new_id FROM added;

DELETE FROM movie_companies
WHERE movie_id IN (SELECT movie_id FROM different_lists WHERE field = 'companies' UNION ALL SELECT id FROM staging.removed);

INSERT INTO movie_companies BY NAME
SELECT links.* EXCLUDE (company_id), names.id AS company_id
FROM staging.movie_companies AS links
JOIN (SELECT new_id, id FROM known UNION ALL SELECT new_id, id FROM added) AS names ON names.new_id = links.company_id
WHERE links.movie_id IN (SELECT movie_id FROM different_lists WHERE field = 'companies')
    OR links.movie_id NOT IN (SELECT id FROM old.movies)
ORDER BY names.id, links.movie_id;
