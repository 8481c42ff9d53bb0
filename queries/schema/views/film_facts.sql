-- What the reports need of each film: its periods, its money, and each meaning of popularity.
-- Of some films only the year is known: they have a year and a decade, but no quarter and no month.
-- The weekday is counted from the days since 1 January of the year 1, a Monday, since engines number weekdays differently.
-- A film without votes has no mean vote and no weighted rating, which is IMDb's (v * R + m * C) / (v + m); a film
-- that nobody rated has 0 ratings, provided that the database has ratings at all.
CREATE VIEW film_facts AS
SELECT
    movies.id,
    movies.title,
    movies.release_date,
    coalesce(CAST(extract(year FROM movies.release_date) AS integer), movies.release_year) AS year,
    lpad(CAST(CAST(extract(year FROM movies.release_date) AS integer) AS varchar(4)), 4, '0')
        || '-Q' || CAST(CAST(extract(quarter FROM movies.release_date) AS integer) AS varchar(1)) AS quarter,
    lpad(CAST(CAST(extract(year FROM movies.release_date) AS integer) AS varchar(4)), 4, '0')
        || '-' || lpad(CAST(CAST(extract(month FROM movies.release_date) AS integer) AS varchar(2)), 2, '0') AS month,
    coalesce(CAST(extract(year FROM movies.release_date) AS integer), movies.release_year)
        - coalesce(CAST(extract(year FROM movies.release_date) AS integer), movies.release_year) % 10 AS decade,
    CAST(extract(month FROM movies.release_date) AS integer) AS calendar_month,
    CAST((
        extract(year FROM movies.release_date) - 1
        + floor((extract(year FROM movies.release_date) - 1) / 4)
        - floor((extract(year FROM movies.release_date) - 1) / 100)
        + floor((extract(year FROM movies.release_date) - 1) / 400)
        + extract(doy FROM movies.release_date) - 1
    ) % 7 AS integer) + 1 AS weekday,
    CASE WHEN movies.runtime > 0 THEN movies.runtime END AS runtime,
    movies.original_language AS language,
    replace(lower(movies.status), ' ', '-') AS status,
    movies.budget,
    movies.revenue,
    movies.revenue - movies.budget AS profit,
    movies.popularity,
    movies.vote_count AS votes,
    CASE WHEN movies.vote_count > 0 THEN movies.vote_average END AS vote_average,
    CASE
        WHEN movies.vote_count > 0 THEN
            (movies.vote_count * movies.vote_average + popularity_scale.usual_votes * popularity_scale.mean_vote)
            / (movies.vote_count + popularity_scale.usual_votes)
    END AS weighted,
    coalesce(movie_ratings.ratings, popularity_scale.no_ratings) AS ratings,
    movie_ratings.mean_rating AS ratings_mean
FROM movies
CROSS JOIN popularity_scale
LEFT JOIN movie_ratings ON movie_ratings.movie_id = movies.id;
COMMENT ON VIEW film_facts IS 'One row a film: its periods, its money, and each meaning of popularity.';
COMMENT ON COLUMN film_facts.id IS 'TMDB id of the film.';
COMMENT ON COLUMN film_facts.title IS 'Title of the film.';
COMMENT ON COLUMN film_facts.release_date IS 'Day of the first release; NULL if unknown.';
COMMENT ON COLUMN film_facts.year IS 'Year of release; NULL, as all its periods, for a film without a date.';
COMMENT ON COLUMN film_facts.quarter IS 'Quarter of release, such as 1995-Q4.';
COMMENT ON COLUMN film_facts.month IS 'Month of release, such as 1995-12.';
COMMENT ON COLUMN film_facts.decade IS 'First year of the decade of release.';
COMMENT ON COLUMN film_facts.calendar_month IS 'Month of release from 1 to 12, whatever the year.';
COMMENT ON COLUMN film_facts.weekday IS 'Day of the week of release, from 1, Monday, to 7, Sunday.';
COMMENT ON COLUMN film_facts.runtime IS 'Length in minutes; NULL if unknown.';
COMMENT ON COLUMN film_facts.language IS 'ISO 639-1 code of the original language.';
COMMENT ON COLUMN film_facts.status IS 'Status as --status has it, such as released or post-production.';
COMMENT ON COLUMN film_facts.budget IS 'Budget in US dollars; NULL if unknown.';
COMMENT ON COLUMN film_facts.revenue IS 'Revenue in US dollars; NULL if unknown.';
COMMENT ON COLUMN film_facts.profit IS 'Revenue less budget; NULL unless both are known.';
COMMENT ON COLUMN film_facts.popularity IS 'TMDB popularity, a figure without unit.';
COMMENT ON COLUMN film_facts.votes IS 'Number of TMDB votes.';
COMMENT ON COLUMN film_facts.vote_average IS 'Mean of the TMDB votes, 0 to 10; NULL without votes.';
COMMENT ON COLUMN film_facts.weighted IS 'Weighted rating, 0 to 10; NULL without votes.';
COMMENT ON COLUMN film_facts.ratings IS 'Number of MovieLens ratings.';
COMMENT ON COLUMN film_facts.ratings_mean IS 'Mean of the MovieLens ratings, 0.5 to 5.';
