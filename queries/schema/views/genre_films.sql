-- The films of each genre; a film with three genres has three rows.
CREATE VIEW genre_films AS
SELECT genres.name AS genre, film_facts.*
FROM movie_genres
JOIN genres ON genres.id = movie_genres.genre_id
JOIN film_facts ON film_facts.id = movie_genres.movie_id;
COMMENT ON VIEW genre_films IS 'One row for each genre of each film, with what film_facts tells of the film.';
COMMENT ON COLUMN genre_films.genre IS 'Name of the genre.';
COMMENT ON COLUMN genre_films.id IS 'TMDB id of the film.';
COMMENT ON COLUMN genre_films.title IS 'Title of the film.';
COMMENT ON COLUMN genre_films.release_date IS 'Day of the first release; NULL if unknown.';
COMMENT ON COLUMN genre_films.year IS 'Year of release; NULL for a film without a date, as all its periods.';
COMMENT ON COLUMN genre_films.quarter IS 'Quarter of release, such as 1995-Q4.';
COMMENT ON COLUMN genre_films.month IS 'Month of release, such as 1995-12.';
COMMENT ON COLUMN genre_films.decade IS 'First year of the decade of release.';
COMMENT ON COLUMN genre_films.calendar_month IS 'Month of release from 1 to 12, whatever the year.';
COMMENT ON COLUMN genre_films.weekday IS 'Day of the week of release, from 1, Monday, to 7, Sunday.';
COMMENT ON COLUMN genre_films.runtime IS 'Length in minutes; NULL if unknown.';
COMMENT ON COLUMN genre_films.language IS 'ISO 639-1 code of the original language.';
COMMENT ON COLUMN genre_films.status IS 'Status as --status has it, such as released or post-production.';
COMMENT ON COLUMN genre_films.budget IS 'Budget in US dollars; NULL if unknown.';
COMMENT ON COLUMN genre_films.revenue IS 'Revenue in US dollars; NULL if unknown.';
COMMENT ON COLUMN genre_films.profit IS 'Revenue less budget; NULL unless both are known.';
COMMENT ON COLUMN genre_films.popularity IS 'TMDB popularity, a figure without unit.';
COMMENT ON COLUMN genre_films.votes IS 'Number of TMDB votes.';
COMMENT ON COLUMN genre_films.vote_average IS 'Mean of the TMDB votes, 0 to 10; NULL without votes.';
COMMENT ON COLUMN genre_films.weighted IS 'Weighted rating, 0 to 10; NULL without votes.';
COMMENT ON COLUMN genre_films.ratings IS 'Number of MovieLens ratings.';
COMMENT ON COLUMN genre_films.ratings_mean IS 'Mean of the MovieLens ratings, 0.5 to 5.';
