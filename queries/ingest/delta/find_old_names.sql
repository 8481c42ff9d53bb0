-- The companies of the films that find_old.sql found.
-- It is written for companies; the names of other tables take their places for other subjects.
CREATE TABLE old.movie_companies AS
FROM build.movie_companies WHERE movie_id IN (SELECT id FROM old.movies);

CREATE TABLE old.companies AS
FROM build.companies WHERE id IN (SELECT company_id FROM old.movie_companies);
