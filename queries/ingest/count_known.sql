-- Of how many films is each field known that people ask about, in the new database and in the old one, and of how many
-- can it not be read? What cannot be read is not lost: that is judged apart.
WITH films AS (
    SELECT TRUE AS is_new, * FROM movies
    UNION ALL BY NAME
    SELECT FALSE AS is_new, * FROM old.movies
),
counted AS (
    SELECT
        is_new,
        count(title) AS title,
        count(release_date) + count(release_year) AS release_date,
        count(budget) AS budget,
        count(revenue) AS revenue,
        count(popularity) AS popularity
    FROM films
    GROUP BY is_new
),
known AS (
    UNPIVOT counted ON title, release_date, budget, revenue, popularity INTO NAME field VALUE known
)
SELECT
    field,
    coalesce(max(known) FILTER (is_new), 0) AS known,
    (SELECT count(*) FROM unread_texts WHERE unread_texts.field = known.field) AS unread,
    coalesce(max(known) FILTER (NOT is_new), 0) AS known_before,
    (SELECT count(*) FROM movies) AS films,
    (SELECT count(*) FROM old.movies) AS films_before
FROM known
GROUP BY field
ORDER BY field;
