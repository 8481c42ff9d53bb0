-- Which films are there, and what is known of each? One column per line; a report takes those that it shows.
SELECT
    id,
    title,
    release_date,
    companies,
    genres,
    budget,
    revenue,
    profit,
    CAST(CAST(popularity AS decimal(28, 12)) AS double) AS popularity,
    CAST(profit AS double) / budget AS roi,
    CASE WHEN profit IS NOT NULL THEN CAST(revenue AS double) / budget END AS multiple,
    CAST(profit AS double) / revenue AS margin,
    runtime,
    vote_average,
    CAST(CASE WHEN profit IS NULL THEN 0 ELSE 1 END AS bigint) AS complete
FROM film_facts
JOIN film_names USING (id)
