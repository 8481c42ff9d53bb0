-- What does the weighted rating measure a film's votes against? m, the votes that carry weight, is the number that
-- nine in ten of the films with votes stay below; C is the mean vote of those films.
SELECT
    percentile_cont(0.9) WITHIN GROUP (ORDER BY vote_count) AS m,
    avg(vote_average) AS c
FROM movies
WHERE vote_count > 0
