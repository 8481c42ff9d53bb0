-- The films of each company; a co-production has a row for each of its companies.
-- It is written for companies; the names of other tables take their places for other subjects.
CREATE VIEW company_films AS
SELECT companies.name AS company, film_facts.*
FROM movie_companies
JOIN companies ON companies.id = movie_companies.company_id
JOIN film_facts ON film_facts.id = movie_companies.movie_id;
COMMENT ON VIEW company_films IS 'One row for each company of each film, with what film_facts tells of the film.';
COMMENT ON COLUMN company_films.company IS 'Name of the company.';
COMMENT ON COLUMN company_films.id IS 'TMDB id of the film.';
COMMENT ON COLUMN company_films.title IS 'Title of the film.';
COMMENT ON COLUMN company_films.release_date IS 'Day of the first release; NULL if unknown.';
COMMENT ON COLUMN company_films.year IS 'Year of release; NULL for a film without a date, as all its periods.';
COMMENT ON COLUMN company_films.quarter IS 'Quarter of release, such as 1995-Q4.';
COMMENT ON COLUMN company_films.month IS 'Month of release, such as 1995-12.';
COMMENT ON COLUMN company_films.decade IS 'First year of the decade of release.';
COMMENT ON COLUMN company_films.calendar_month IS 'Month of release from 1 to 12, whatever the year.';
COMMENT ON COLUMN company_films.weekday IS 'Day of the week of release, from 1, Monday, to 7, Sunday.';
COMMENT ON COLUMN company_films.runtime IS 'Length in minutes; NULL if unknown.';
COMMENT ON COLUMN company_films.language IS 'ISO 639-1 code of the original language.';
COMMENT ON COLUMN company_films.status IS 'Status as --status has it, such as released or post-production.';
COMMENT ON COLUMN company_films.budget IS 'Budget in US dollars; NULL if unknown.';
COMMENT ON COLUMN company_films.revenue IS 'Revenue in US dollars; NULL if unknown.';
COMMENT ON COLUMN company_films.profit IS 'Revenue less budget; NULL unless both are known.';
COMMENT ON COLUMN company_films.popularity IS 'TMDB popularity, a figure without unit.';
COMMENT ON COLUMN company_films.votes IS 'Number of TMDB votes.';
COMMENT ON COLUMN company_films.vote_average IS 'Mean of the TMDB votes, 0 to 10; NULL without votes.';
COMMENT ON COLUMN company_films.weighted IS 'Weighted rating, 0 to 10; NULL without votes.';
COMMENT ON COLUMN company_films.ratings IS 'Number of MovieLens ratings.';
COMMENT ON COLUMN company_films.ratings_mean IS 'Mean of the MovieLens ratings, 0.5 to 5.';
