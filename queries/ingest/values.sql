-- How one field of text becomes a value of a real type: macros that give NULL for what they cannot read.
-- The patterns are strict because the engine's own casts also take 1_000, 1e3, 'infinity' or '(BC)'. Most texts need none,
-- since the engine writes their values in the same way: a third of the time.

CREATE OR REPLACE TEMP MACRO bare(text) AS trim(text, E' \t');

-- An unsigned whole number up to a maximum; pandas writes some of them as 862.0. Not with more zeros: where a point
-- separates thousands, 65.000 means 65 thousand.
CREATE OR REPLACE TEMP MACRO whole_number(text, most := 999999999999999999) AS
    CASE
        WHEN CAST(TRY_CAST(text AS BIGINT) AS VARCHAR) = text AND TRY_CAST(text AS BIGINT) BETWEEN 0 AND most
            THEN TRY_CAST(text AS BIGINT)
        WHEN regexp_full_match(bare(text), '0*[0-9]{1,18}([.]0)?') AND TRY_CAST(split_part(bare(text), '.', 1) AS BIGINT) <= most
            THEN TRY_CAST(split_part(bare(text), '.', 1) AS BIGINT)
    END;

-- Dollars; 0 becomes NULL only later. Above 1e12 they are damage, and sums could exceed 64 bits.
CREATE OR REPLACE TEMP MACRO dollars(text) AS whole_number(text, most := 1000000000000);

-- A number of votes, bounded so that sums stay within 64 bits.
CREATE OR REPLACE TEMP MACRO tally(text) AS whole_number(text, most := 1000000000);

-- A figure that is not negative; the maximum keeps sums finite.
CREATE OR REPLACE TEMP MACRO figure(text, most := 1000000000) AS
    CASE
        WHEN text BETWEEN '0' AND ':' AND NOT contains(text, '_') AND TRY_CAST(text AS DOUBLE) <= most
            THEN TRY_CAST(text AS DOUBLE)
        WHEN regexp_full_match(bare(text), '[+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?')
            AND TRY_CAST(bare(text) AS DOUBLE) <= most
            THEN TRY_CAST(bare(text) AS DOUBLE)
    END;

-- A mean of TMDB votes.
CREATE OR REPLACE TEMP MACRO vote(text) AS figure(text, most := 10);

-- A MovieLens rating in millionths of a star, so that sums are exact in any order.
CREATE OR REPLACE TEMP MACRO stars(rating) AS
    CASE WHEN rating BETWEEN 0.5 AND 5 THEN CAST(rating * 1000000 AS BIGINT) END;

-- The number of a film that Arrow has read, with the same bound as above.
CREATE OR REPLACE TEMP MACRO film_number(number) AS
    CASE WHEN number <= 999999999999999999 THEN CAST(number AS BIGINT) END;

-- A day as YYYY-MM-DD; the year 0 does not exist.
CREATE OR REPLACE TEMP MACRO calendar_date(text) AS
    CASE
        WHEN CAST(TRY_CAST(text AS DATE) AS VARCHAR) = text AND len(text) = 10 THEN TRY_CAST(text AS DATE)
        WHEN regexp_full_match(trim(text), '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND trim(text) >= '0001'
            THEN TRY_CAST(trim(text) AS DATE)
    END;

-- True or False, as Python, R and databases write them. Not by IN nor a list: with so many values these
-- become a join, after which DuckDB before 2.0.1 forgets the order of the records.
CREATE OR REPLACE TEMP MACRO truth(text) AS
    CASE
        WHEN text = 'False' THEN FALSE
        WHEN regexp_full_match(text, '(?i) *(true|t|yes|1|1[.]0) *') THEN TRUE
        WHEN regexp_full_match(text, '(?i) *(false|f|no|0|0[.]0) *') THEN FALSE
    END;

-- The jobs of a crew that make somebody a writer, as a pattern: those who wrote a film, or what it is based on. Who made
-- up a character, or edited a script, is none.
CREATE OR REPLACE TEMP MACRO writing_jobs() AS
    'Writer|Co-Writer|Screenplay|Story|Original Story|Screenstory|Teleplay|Adaptation|Dialogue'
    || '|Author|Novel|Book|Short Story|Comic Book|Graphic Novel|Theatre Play';
