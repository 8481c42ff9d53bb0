-- The people of films that are in the table movies, from a file of their own; a film may have several records there.
-- Its lists are long, so those that are as plain as most are become names as they are read. Only patterns look at them
-- then: nothing is cast while the file is read, as in read_batch.sql. What is between quotation marks may contain
-- apostrophes, but nothing that looks like the end of a key, so that a key is where it seems to be.
CREATE OR REPLACE TEMP MACRO quoted_text(least) AS
    $$(?:'[^'\\\x00-\x1f]$$ || least || $$'|"(?:[^'"\\\x00-\x1f]|'+[^'":\\\x00-\x1f])$$ || least || $$'*")$$;
CREATE OR REPLACE TEMP MACRO other_pair() AS
    $$'[a-z_]+': (?:$$ || quoted_text('*') || '|[0-9.]+|None)';
CREATE OR REPLACE TEMP MACRO credits_like(pairs) AS
    '\[(?:\{(?:' || other_pair() || ', )*' || pairs || '(?:, ' || other_pair() || ')*\}(?:, |\]$))+';
CREATE OR REPLACE TEMP MACRO cast_pairs() AS $$'id': [0-9]{1,18}, 'name': $$ || quoted_text('+');
CREATE OR REPLACE TEMP MACRO crew_pairs(job) AS
    $$'id': [0-9]{1,18}, 'job': $$ || job || $$, 'name': $$ || quoted_text('+');

CREATE OR REPLACE TEMP TABLE credit_texts AS
WITH plain AS (
    SELECT
        *,
        CASE
            WHEN regexp_full_match("cast", credits_like(cast_pairs())) THEN regexp_extract_all("cast", cast_pairs())
        END AS actors,
        CASE
            WHEN regexp_full_match(crew, credits_like(crew_pairs(quoted_text('*'))))
                THEN regexp_extract_all(crew, crew_pairs($$'(?:Director|$$ || writing_jobs() || $$)'$$))
        END AS makers
    FROM read_csv(
        $path, columns = $columns, auto_detect = false, header = true, hive_partitioning = false, delim = $separator,
        quote = '"', escape = '"', strict_mode = true,
        store_rejects = true, rejects_limit = 0, rejects_table = 'credit_errors', rejects_scan = 'credit_scans'
    )
)
SELECT
    id,
    actors,
    makers,
    CASE WHEN actors IS NULL THEN nullif("cast", '') END AS "cast",
    CASE WHEN makers IS NULL THEN nullif(crew, '') WHEN makers = [] THEN '[]' END AS crew
FROM plain;

INSERT INTO plain_credits
SELECT
    movie_id,
    CAST(split_part(pairs, ', ', 1)[7:] AS BIGINT) AS tmdb_id,
    split_part(pairs, $$, 'name': $$, 2)[2:-2] AS name,
    CASE WHEN is_actor THEN 'actor' ELSE split_part(pairs, '''', 6) END AS job
FROM (
    SELECT movies.id AS movie_id, unnest(credit_texts.actors) AS pairs, TRUE AS is_actor
    FROM credit_texts
    JOIN movies ON movies.id = whole_number(credit_texts.id)
    UNION ALL
    SELECT movies.id AS movie_id, unnest(credit_texts.makers) AS pairs, FALSE AS is_actor
    FROM credit_texts
    JOIN movies ON movies.id = whole_number(credit_texts.id)
);

-- The other lists are read as those of other names are; and a crew without such a job is known to have none.
INSERT INTO film_lists BY NAME
SELECT DISTINCT movies.id AS movie_id, credit_texts."cast", credit_texts.crew
FROM credit_texts
JOIN movies ON movies.id = whole_number(credit_texts.id)
WHERE coalesce(credit_texts."cast", credit_texts.crew) IS NOT NULL;

INSERT INTO plain_cells
SELECT 'cast' AS field, count(actors) AS films FROM credit_texts
UNION ALL
SELECT 'crew' AS field, count(makers) AS films FROM credit_texts;

-- Lines that could not be read, or do not say whose people they have.
INSERT INTO unread_texts
SELECT NULL AS movie_id, 'cast' AS field, concat_ws($separator, id, "cast", crew)[:100] AS text
FROM credit_texts
WHERE whole_number(id) IS NULL
UNION ALL
SELECT NULL AS movie_id, 'cast' AS field, min(csv_line)[:100] AS text
FROM credit_errors
GROUP BY line;

DROP TABLE credit_texts;
