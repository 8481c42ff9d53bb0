-- Of how many films is the field known that the fewest films have, of those that any film has? The films with a list are
-- estimated, since counting them takes as long as all other steps of a small delta.
SELECT least(
    nullif(count(title), 0),
    nullif(count(release_date) + count(release_year), 0),
    nullif(count(budget), 0),
    nullif(count(revenue), 0),
    nullif(count(popularity), 0),
    (SELECT nullif(approx_count_distinct(movie_id), 0) FROM movie_genres),
    (SELECT nullif(approx_count_distinct(movie_id), 0) FROM movie_companies),
    (SELECT nullif(approx_count_distinct(movie_id), 0) FROM movie_countries),
    (SELECT nullif(approx_count_distinct(movie_id), 0) FROM movie_collections),
    (SELECT nullif(approx_count_distinct(movie_id), 0) FROM movie_keywords),
    (SELECT nullif(approx_count_distinct(movie_id), 0) FROM movie_people)
) AS least_known
FROM movies;
