-- What the popularity of a film is measured against, from all films of the new database; the mean vote is summed
-- exactly, so that it does not depend on their order.
DELETE FROM popularity_scale;

INSERT INTO popularity_scale
SELECT
    percentile_cont(0.9) WITHIN GROUP (ORDER BY vote_count) AS usual_votes,
    CAST(sum(CAST(vote_average AS decimal(28, 12))) AS double) / count(vote_average) AS mean_vote,
    (SELECT CASE WHEN count(*) > 0 THEN 0 END FROM movie_ratings) AS no_ratings
FROM movies
WHERE vote_count > 0;
