-- The films of each person, once each, whatever the roles.
CREATE VIEW person_films AS
SELECT
    people.name AS person,
    movie_people.is_director,
    movie_people.is_writer,
    movie_people.is_actor,
    film_facts.*
FROM movie_people
JOIN people ON people.id = movie_people.person_id
JOIN film_facts ON film_facts.id = movie_people.movie_id;
COMMENT ON VIEW person_films IS 'One row for each person of each film, with what film_facts tells of the film.';
COMMENT ON COLUMN person_films.person IS 'Name of the person.';
COMMENT ON COLUMN person_films.is_director IS 'Whether the person directed the film.';
COMMENT ON COLUMN person_films.is_writer IS 'Whether the person wrote the film, or what it is based on.';
COMMENT ON COLUMN person_films.is_actor IS 'Whether the person is in its cast.';
COMMENT ON COLUMN person_films.id IS 'TMDB id of the film.';
COMMENT ON COLUMN person_films.title IS 'Title of the film.';
COMMENT ON COLUMN person_films.release_date IS 'Day of the first release; NULL if unknown.';
COMMENT ON COLUMN person_films.year IS 'Year of release; NULL for a film without a date, as all its periods.';
COMMENT ON COLUMN person_films.quarter IS 'Quarter of release, such as 1995-Q4.';
COMMENT ON COLUMN person_films.month IS 'Month of release, such as 1995-12.';
COMMENT ON COLUMN person_films.decade IS 'First year of the decade of release.';
COMMENT ON COLUMN person_films.calendar_month IS 'Month of release from 1 to 12, whatever the year.';
COMMENT ON COLUMN person_films.weekday IS 'Day of the week of release, from 1, Monday, to 7, Sunday.';
COMMENT ON COLUMN person_films.runtime IS 'Length in minutes; NULL if unknown.';
COMMENT ON COLUMN person_films.language IS 'ISO 639-1 code of the original language.';
COMMENT ON COLUMN person_films.status IS 'Status as --status has it, such as released or post-production.';
COMMENT ON COLUMN person_films.budget IS 'Budget in US dollars; NULL if unknown.';
COMMENT ON COLUMN person_films.revenue IS 'Revenue in US dollars; NULL if unknown.';
COMMENT ON COLUMN person_films.profit IS 'Revenue less budget; NULL unless both are known.';
COMMENT ON COLUMN person_films.popularity IS 'TMDB popularity, a figure without unit.';
COMMENT ON COLUMN person_films.votes IS 'Number of TMDB votes.';
COMMENT ON COLUMN person_films.vote_average IS 'Mean of the TMDB votes, 0 to 10; NULL without votes.';
COMMENT ON COLUMN person_films.weighted IS 'Weighted rating, 0 to 10; NULL without votes.';
COMMENT ON COLUMN person_films.ratings IS 'Number of MovieLens ratings.';
COMMENT ON COLUMN person_films.ratings_mean IS 'Mean of the MovieLens ratings, 0.5 to 5.';
