-- What the database had of the films of a delta, and of those that it removes.
CREATE TABLE old.movies AS
FROM build.movies WHERE id IN (SELECT id FROM staging.movies UNION ALL SELECT id FROM staging.removed);

CREATE TABLE old.movie_genres AS
FROM build.movie_genres WHERE movie_id IN (SELECT id FROM old.movies);

CREATE TABLE old.genres AS
FROM build.genres WHERE id IN (SELECT genre_id FROM old.movie_genres);

CREATE TABLE old.movie_companies AS
FROM build.movie_companies WHERE movie_id IN (SELECT id FROM old.movies);

CREATE TABLE old.companies AS
FROM build.companies WHERE id IN (SELECT company_id FROM old.movie_companies);

CREATE TABLE old.movie_countries AS
FROM build.movie_countries WHERE movie_id IN (SELECT id FROM old.movies);

CREATE TABLE old.countries AS
FROM build.countries WHERE id IN (SELECT country_id FROM old.movie_countries);
