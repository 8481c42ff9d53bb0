-- The films of each production country; a co-production has a row for each of its countries.
CREATE VIEW country_films AS
SELECT countries.name AS country, film_facts.*
FROM movie_countries
JOIN countries ON countries.id = movie_countries.country_id
JOIN film_facts ON film_facts.id = movie_countries.movie_id;
COMMENT ON VIEW country_films IS 'One row for each country of each film, with what film_facts tells of the film.';
COMMENT ON COLUMN country_films.country IS 'Name of the production country.';
COMMENT ON COLUMN country_films.id IS 'TMDB id of the film.';
COMMENT ON COLUMN country_films.title IS 'Title of the film.';
COMMENT ON COLUMN country_films.release_date IS 'Day of the first release; NULL if unknown.';
COMMENT ON COLUMN country_films.year IS 'Year of release; NULL for a film without a date, as all its periods.';
COMMENT ON COLUMN country_films.quarter IS 'Quarter of release, such as 1995-Q4.';
COMMENT ON COLUMN country_films.month IS 'Month of release, such as 1995-12.';
COMMENT ON COLUMN country_films.decade IS 'First year of the decade of release.';
COMMENT ON COLUMN country_films.calendar_month IS 'Month of release from 1 to 12, whatever the year.';
COMMENT ON COLUMN country_films.weekday IS 'Day of the week of release, from 1, Monday, to 7, Sunday.';
COMMENT ON COLUMN country_films.runtime IS 'Length in minutes; NULL if unknown.';
COMMENT ON COLUMN country_films.language IS 'ISO 639-1 code of the original language.';
COMMENT ON COLUMN country_films.status IS 'Status as --status has it, such as released or post-production.';
COMMENT ON COLUMN country_films.budget IS 'Budget in US dollars; NULL if unknown.';
COMMENT ON COLUMN country_films.revenue IS 'Revenue in US dollars; NULL if unknown.';
COMMENT ON COLUMN country_films.profit IS 'Revenue less budget; NULL unless both are known.';
COMMENT ON COLUMN country_films.popularity IS 'TMDB popularity, a figure without unit.';
COMMENT ON COLUMN country_films.votes IS 'Number of TMDB votes.';
COMMENT ON COLUMN country_films.vote_average IS 'Mean of the TMDB votes, 0 to 10; NULL without votes.';
COMMENT ON COLUMN country_films.weighted IS 'Weighted rating, 0 to 10; NULL without votes.';
COMMENT ON COLUMN country_films.ratings IS 'Number of MovieLens ratings.';
COMMENT ON COLUMN country_films.ratings_mean IS 'Mean of the MovieLens ratings, 0.5 to 5.';
