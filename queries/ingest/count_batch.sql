-- How many records of a batch did the CSV reader accept, how many of them were joined or can be loaded, and how many
-- have a text in each field?
SELECT
    (SELECT count(*) FROM raw) AS lines_read,
    (SELECT coalesce(sum(last_row - row), 0) FROM joined) AS lines_joined,
    (SELECT count(*) FROM joined) AS repaired,
    (SELECT count(*) FROM films) AS loadable,
    count(texts.adult) AS adult,
    count(texts.release_date) AS release_date,
    count(texts.runtime) AS runtime,
    count(texts.budget) AS budget,
    count(texts.revenue) AS revenue,
    count(texts.popularity) AS popularity,
    count(texts.vote_average) AS vote_average,
    count(texts.vote_count) AS vote_count
FROM films;
