WITH report AS (
    -- Which production companies are there, and what is known of them? Those with the most films stand first.
    -- $companies: their names, or NULL for all.
    SELECT
        companies.name AS company,
        array_to_string(companies.tmdb_ids, ' ') AS tmdb_ids,
        count(*) AS films,
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
        count(movies.budget + movies.revenue) AS complete
    FROM companies
    JOIN movie_companies ON movie_companies.company_id = companies.id
    JOIN movies ON movies.id = movie_companies.movie_id
    WHERE ['Quirk Films', 'Quirk''s Films', 'Quirk Films – It''s "Escaped"', 'The "Quirk" Films'] IS NULL OR companies.name IN (SELECT unnest(CAST(['Quirk Films', 'Quirk''s Films', 'Quirk Films – It''s "Escaped"', 'The "Quirk" Films'] AS varchar[])))
    GROUP BY companies.name, companies.tmdb_ids
    ORDER BY films DESC, company
)
SELECT company, tmdb_ids, films, first_year, last_year, budget, revenue, profit, complete
FROM report;
