-- Texts that are neither plain numbers nor dates as YYYY-MM-DD, of films that are loaded already. What they mean is
-- decided per column from all of its cells, since a single 5/4/1995 or 30.000 does not tell. For a stream ($is_fixed) the
-- cells of a batch decide nothing: $date_order, $decimal_mark and $money_unit are the same for all batches.
CREATE OR REPLACE TEMP TABLE missing_cells AS
SELECT field, count(*) AS films FROM unread_texts WHERE is_missing(text) GROUP BY field;

DELETE FROM unread_texts WHERE is_missing(text);

CREATE OR REPLACE TEMP TABLE date_cells AS
SELECT text, day_numbers(text) AS numbers, count(*) AS films
FROM unread_texts
WHERE field = 'release_date'
GROUP BY text;

-- Which order of day and month reads the dates that have both as numbers? All but a few, and no other order as many;
-- days between points are written day first, unless they show another order.
CREATE OR REPLACE TEMP TABLE date_form AS
WITH counts AS (
    SELECT
        date_order,
        sum(films) AS cells,
        coalesce(sum(films) FILTER (day_in_order(numbers, date_order) IS NOT NULL), 0) AS days,
        bool_and(contains(text, '.')) AS has_points
    FROM date_cells
    CROSS JOIN (VALUES ('dmy'), ('mdy'), ('ymd')) AS orders(date_order)
    WHERE len(numbers[1]) <= 2
    GROUP BY date_order
),
best AS (
    SELECT max(days) AS days, count(*) FILTER (days = most) AS orders
    FROM (SELECT days, max(days) OVER () AS most FROM counts)
),
clear AS (
    SELECT counts.date_order
    FROM counts
    CROSS JOIN best
    WHERE counts.days = best.days
        AND counts.days >= 0.95 * counts.cells
        AND (best.orders = 1 OR counts.has_points AND counts.date_order = 'dmy')
)
SELECT
    coalesce($date_order, (SELECT date_order FROM clear WHERE NOT $is_fixed)) AS date_order,
    (SELECT coalesce(max(cells), 0) FROM counts) AS ordered,
    (SELECT min(text) FROM date_cells WHERE is_only_in(numbers, 'dmy', 'mdy')) AS day_first,
    (SELECT min(text) FROM date_cells WHERE is_only_in(numbers, 'mdy', 'dmy')) AS month_first,
    (SELECT 2 * sum(films) FILTER (regexp_full_match(trim(text), '[1-9][0-9]{4}([.][0-9]+)?')) >= sum(films)
        FROM date_cells WHERE NOT $is_fixed) AS has_serials,
    (SELECT 2 * sum(films) FILTER (regexp_full_match(trim(text), '-?[0-9]{10,13}')) >= sum(films)
        FROM date_cells WHERE NOT $is_fixed) AS has_milliseconds;

CREATE OR REPLACE TEMP TABLE read_dates AS
WITH days AS (
    SELECT
        text,
        numbers,
        coalesce(has_serials, FALSE) AS has_serials,
        CASE
            WHEN has_serials AND serial_day(text) IS NOT NULL THEN serial_day(text)
            WHEN has_milliseconds AND millisecond_day(text) IS NOT NULL THEN millisecond_day(text)
            ELSE coalesce(day_in_order(numbers, coalesce(date_order, '')), calendar_date(day_of(text)), spelled_day(text))
        END AS release_date
    FROM date_cells
    CROSS JOIN date_form
)
SELECT text, numbers, release_date, CASE WHEN release_date IS NULL AND NOT has_serials THEN year_alone(text) END AS release_year
FROM days;

UPDATE movies
SET release_date = read_dates.release_date, release_year = read_dates.release_year
FROM unread_texts
JOIN read_dates ON read_dates.text = unread_texts.text
WHERE unread_texts.field = 'release_date' AND unread_texts.movie_id = movies.id;

DELETE FROM unread_texts
WHERE field = 'release_date'
    AND text IN (SELECT text FROM read_dates WHERE release_date IS NOT NULL OR release_year IS NOT NULL);

-- Numbers. A comma before three digits groups them where money and votes are counted, unless the column shows that it
-- begins a fraction; a point before three digits may do either, and only the other cells can tell.
CREATE OR REPLACE TEMP TABLE number_cells AS
SELECT
    field,
    CASE WHEN field IN ('budget', 'revenue') THEN 'money' ELSE field END AS kind,
    text,
    CASE WHEN field IN ('budget', 'revenue') THEN digits_of(text) ELSE ungrouped(bare(text)) END AS digits,
    CASE WHEN field IN ('budget', 'revenue') THEN times_of(text) ELSE 1 END AS times
FROM (SELECT DISTINCT field, text FROM unread_texts)
WHERE field IN ('budget', 'revenue', 'runtime', 'popularity', 'vote_average', 'vote_count');

CREATE OR REPLACE TEMP TABLE number_forms AS
WITH marks AS (
    SELECT
        kind,
        coalesce(bool_or(is_grouped(digits, ',')), FALSE) AS comma_groups,
        coalesce(bool_or(is_grouped(digits, '[.]')), FALSE) AS point_groups,
        coalesce(bool_or(is_decimal(digits, ',')), FALSE) AS comma_begins,
        coalesce(bool_or(is_decimal(digits, '[.]')), FALSE) AS point_begins
    FROM number_cells
    GROUP BY kind
)
SELECT
    kind,
    CASE
        WHEN $decimal_mark = ',' THEN 'fraction'
        WHEN $decimal_mark = '.' THEN 'groups'
        WHEN $is_fixed THEN CASE WHEN kind IN ('money', 'vote_count') THEN 'groups' END
        WHEN (comma_groups OR point_begins) AND NOT (comma_begins OR point_groups) THEN 'groups'
        WHEN (comma_begins OR point_groups) AND NOT (comma_groups OR point_begins) THEN 'fraction'
        WHEN kind IN ('money', 'vote_count') AND NOT (comma_begins OR comma_groups OR point_begins OR point_groups)
            THEN 'groups'
    END AS comma,
    CASE
        WHEN $decimal_mark = ',' THEN 'groups'
        WHEN $decimal_mark = '.' THEN 'fraction'
        WHEN $is_fixed THEN NULL
        WHEN (point_groups OR comma_begins) AND NOT (point_begins OR comma_groups) THEN 'groups'
        WHEN (point_begins OR comma_groups) AND NOT (point_groups OR comma_begins) THEN 'fraction'
    END AS point
FROM marks;

-- Where all money of a column says what it is in, 30M is 30 million; beside a plain 7 it might be damage, or the 7 mean
-- 7 million. In a stream the unit of a plain number is known.
CREATE OR REPLACE TEMP TABLE read_numbers AS
WITH numbers AS (
    SELECT
        field,
        text,
        number_of(digits, comma, point) * CASE
            WHEN times = 1 AND number_cells.kind = 'money' THEN $money_unit
            ELSE times
        END AS number
    FROM number_cells
    JOIN number_forms ON number_forms.kind = number_cells.kind
    WHERE times = 1 OR $is_fixed OR field IN (
        SELECT field
        FROM number_cells
        GROUP BY field
        HAVING bool_and(times > 1 OR NOT regexp_matches(text, '[1-9]'))
            AND (SELECT count(CASE field WHEN 'budget' THEN budget ELSE revenue END) FROM movies) = 0
    )
)
SELECT field, text, number
FROM numbers
WHERE (field <> 'vote_count' OR number = floor(number)) AND number <= CASE
    WHEN field IN ('budget', 'revenue') THEN 1000000000000
    WHEN field = 'vote_average' THEN 10
    ELSE 1000000000
END;

UPDATE movies
SET
    budget = coalesce(CAST(nullif(round(found.budget), 0) AS BIGINT), movies.budget),
    revenue = coalesce(CAST(nullif(round(found.revenue), 0) AS BIGINT), movies.revenue),
    runtime = coalesce(found.runtime, movies.runtime),
    popularity = coalesce(found.popularity, movies.popularity),
    vote_average = coalesce(found.vote_average, movies.vote_average),
    vote_count = coalesce(CAST(found.vote_count AS BIGINT), movies.vote_count)
FROM (
    SELECT
        unread_texts.movie_id,
        max(number) FILTER (unread_texts.field = 'budget') AS budget,
        max(number) FILTER (unread_texts.field = 'revenue') AS revenue,
        max(number) FILTER (unread_texts.field = 'runtime') AS runtime,
        max(number) FILTER (unread_texts.field = 'popularity') AS popularity,
        max(number) FILTER (unread_texts.field = 'vote_average') AS vote_average,
        max(number) FILTER (unread_texts.field = 'vote_count') AS vote_count
    FROM unread_texts
    JOIN read_numbers ON read_numbers.field = unread_texts.field AND read_numbers.text = unread_texts.text
    GROUP BY unread_texts.movie_id
) AS found
WHERE found.movie_id = movies.id;

DELETE FROM unread_texts WHERE (field, text) IN (SELECT (field, text) FROM read_numbers);
