-- How many films has each name, from when to when, and what is known of them?
SELECT
    named.name,
    array_to_string(named.tmdb_ids, ' ') AS tmdb_ids,
    count(*) AS films,
    count(*) AS releases,
    CAST(min(extract(year FROM movies.release_date)) AS integer) AS first_year,
    CAST(max(extract(year FROM movies.release_date)) AS integer) AS last_year,
    CAST(sum(movies.budget) AS bigint) AS budget,
    CAST(sum(movies.revenue) AS bigint) AS revenue,
    CAST(
        CASE
            WHEN count(movies.budget) + count(movies.revenue) > 0
                THEN coalesce(sum(movies.revenue), 0) - coalesce(sum(movies.budget), 0)
        END AS bigint
    ) AS profit,
    count(movies.budget + movies.revenue) AS complete,
    count(movies.budget) AS known_budgets,
    count(movies.revenue) AS known_revenues
FROM named
JOIN movies ON movies.id = named.movie_id
GROUP BY named.name, named.tmdb_ids
