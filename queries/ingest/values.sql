-- How one field of text becomes a value of a real type: macros that give NULL for what they cannot read.
-- The patterns are strict because the engine's own casts also take 1_000, 1e3, 'infinity' or '(BC)'.

-- An unsigned whole number; pandas writes some of them as 862.0.
CREATE OR REPLACE TEMP MACRO whole_number(text) AS
    CASE WHEN regexp_full_match(trim(text), '[0-9]{1,18}([.]0*)?')
        THEN TRY_CAST(split_part(trim(text), '.', 1) AS BIGINT)
    END;

-- Dollars, 0 being known to mean "unknown" only later; above 1e12 it is damage, and sums could leave 64 bits.
CREATE OR REPLACE TEMP MACRO dollars(text) AS
    CASE WHEN whole_number(text) <= 1000000000000 THEN whole_number(text) END;

-- A number of votes, bounded so that sums stay within 64 bits.
CREATE OR REPLACE TEMP MACRO tally(text) AS
    CASE WHEN whole_number(text) <= 1000000000 THEN whole_number(text) END;

-- An unsigned figure; the bound keeps sums finite.
CREATE OR REPLACE TEMP MACRO figure(text) AS
    CASE WHEN regexp_full_match(trim(text), '[0-9]+([.][0-9]*)?([eE][-+]?[0-9]{1,2})?')
            AND TRY_CAST(trim(text) AS DOUBLE) <= 1000000000
        THEN TRY_CAST(trim(text) AS DOUBLE)
    END;

-- A day as YYYY-MM-DD; a year 0 is no year.
CREATE OR REPLACE TEMP MACRO calendar_date(text) AS
    CASE WHEN regexp_full_match(trim(text), '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND trim(text) >= '0001'
        THEN TRY_CAST(trim(text) AS DATE)
    END;

-- Python's True or False.
CREATE OR REPLACE TEMP MACRO truth(text) AS
    CASE lower(trim(text)) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END;
