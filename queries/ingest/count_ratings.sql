-- How many ratings were read, how many belong to a loaded film, and how many lines could not be read?
SELECT
    (SELECT coalesce(sum(ratings), 0) FROM rated) AS ratings,
    (SELECT coalesce(sum(ratings), 0) FROM movie_ratings) AS ratings_matched,
    (SELECT coalesce(sum(records - ratings), 0) FROM rated)
        + (SELECT count(DISTINCT line) FROM rating_errors) AS ratings_unread;
