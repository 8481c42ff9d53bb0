-- Which fields of the loaded films hold text that could not be read, by column, with one example each.
INSERT INTO unread_fields
WITH unread AS (
    SELECT
        CASE WHEN films.adult IS NULL THEN texts.adult END AS adult,
        CASE WHEN films.release_date IS NULL THEN texts.release_date END AS release_date,
        CASE WHEN films.runtime IS NULL THEN texts.runtime END AS runtime,
        CASE WHEN films.budget IS NULL THEN texts.budget END AS budget,
        CASE WHEN films.revenue IS NULL THEN texts.revenue END AS revenue,
        CASE WHEN films.popularity IS NULL THEN texts.popularity END AS popularity,
        CASE WHEN films.vote_average IS NULL THEN texts.vote_average END AS vote_average,
        CASE WHEN films.vote_count IS NULL THEN texts.vote_count END AS vote_count,
        CASE WHEN films.genres IS NULL THEN texts.genres END AS genres,
        CASE WHEN films.companies IS NULL THEN texts.production_companies END AS production_companies
    FROM films
    JOIN texts ON texts.row = films.row
)
SELECT $ingest, field, count(*) AS films, min(text[:100]) AS example
FROM (UNPIVOT unread ON COLUMNS(*) INTO NAME field VALUE text)
GROUP BY field
ORDER BY field;
