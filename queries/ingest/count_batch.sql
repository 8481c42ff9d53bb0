-- How many records of a batch can be loaded, and how many have a text in each field?
SELECT
    count(*) AS loadable,
    count(adult) + count(unread.adult) AS adult,
    count(release_date) + count(unread.release_date) AS release_date,
    count(runtime) + count(unread.runtime) AS runtime,
    count(budget) + count(unread.budget) AS budget,
    count(revenue) + count(unread.revenue) AS revenue,
    count(popularity) + count(unread.popularity) AS popularity,
    count(vote_average) + count(unread.vote_average) AS vote_average,
    count(vote_count) + count(unread.vote_count) AS vote_count
FROM staging.batch;
