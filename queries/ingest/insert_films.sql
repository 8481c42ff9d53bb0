-- The chosen films of a batch into the table movies, while the next batch is read.
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
FROM staging.chosen;

DROP TABLE staging.chosen;
