-- A delta: films of the old database stay, with their genres and companies, unless the source has them too.
INSERT INTO film_genres
SELECT links.movie_id, genres.name, unnest(CASE WHEN genres.tmdb_ids = [] THEN [NULL] ELSE genres.tmdb_ids END)
FROM old.movie_genres AS links
JOIN old.genres ON genres.id = links.genre_id
WHERE links.movie_id NOT IN (SELECT id FROM movies);

INSERT INTO film_companies
SELECT
    links.movie_id,
    companies.name,
    unnest(CASE WHEN companies.tmdb_ids = [] THEN [NULL] ELSE companies.tmdb_ids END)
FROM old.movie_companies AS links
JOIN old.companies ON companies.id = links.company_id
WHERE links.movie_id NOT IN (SELECT id FROM movies);

INSERT INTO movies BY NAME SELECT * FROM old.movies WHERE id NOT IN (SELECT id FROM movies);
