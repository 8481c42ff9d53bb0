-- Tables of the companies of a delta alone, as begin.sql makes those of its films.
-- It is written for companies; the names of other tables take their places for other subjects.
CREATE TABLE staging.companies AS FROM build.companies LIMIT 0;
CREATE TABLE staging.movie_companies AS FROM build.movie_companies LIMIT 0;
