-- How a text that is neither a plain number nor a date as YYYY-MM-DD becomes a value: macros for the ways in which
-- spreadsheets, R and notebooks write them. They give NULL for what they cannot read.

-- A day without the time or the country behind it, and the three numbers of one that has no other parts.
CREATE OR REPLACE TEMP MACRO day_of(text) AS regexp_replace(
    regexp_replace(trim(text), '\s*\([^()]*\)$', ''),
    '(?i)(T|,?\s+)[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?\s*([ap][.]?m[.]?)?\s*(Z|UTC|GMT|[-+][0-9]{2}:?[0-9]{2})?$',
    ''
);
CREATE OR REPLACE TEMP MACRO day_numbers(text) AS
    CASE WHEN regexp_full_match(
            day_of(text), '[0-9]{1,4}(-[0-9]{1,2}-|/[0-9]{1,2}/|[.] ?[0-9]{1,2}[.] ?)([0-9]{1,2}|[0-9]{4})[.]?'
        ) THEN regexp_extract_all(day_of(text), '[0-9]+')
    END;

-- A year of two digits means what it means in Excel: 30 to 99 are in the 20th century, 00 to 29 in the 21st.
CREATE OR REPLACE TEMP MACRO full_year(digits) AS CASE
    WHEN len(digits) = 4 THEN digits
    WHEN len(digits) = 2 THEN CASE WHEN digits < '30' THEN '20' ELSE '19' END || digits
END;
CREATE OR REPLACE TEMP MACRO day(year, month, number) AS
    CASE WHEN len(month) <= 2 AND len(number) <= 2
        THEN calendar_date(full_year(year) || '-' || lpad(month, 2, '0') || '-' || lpad(number, 2, '0'))
    END;

-- The numbers of a day in an order; a first number of four digits is a year in any.
CREATE OR REPLACE TEMP MACRO day_in_order(numbers, date_order) AS
    CASE
        WHEN date_order = 'ymd' OR len(numbers[1]) = 4 THEN day(numbers[1], numbers[2], numbers[3])
        WHEN date_order = 'mdy' THEN day(numbers[3], numbers[1], numbers[2])
        WHEN date_order = 'dmy' THEN day(numbers[3], numbers[2], numbers[1])
    END;

CREATE OR REPLACE TEMP MACRO is_only_in(numbers, date_order, other) AS
    len(numbers[1]) <= 2 AND day_in_order(numbers, date_order) IS NOT NULL AND day_in_order(numbers, other) IS NULL;

-- Days that name their month, and days without separators.
CREATE OR REPLACE TEMP MACRO spelled(text) AS regexp_replace(day_of(text), '[-,./\s]+', ' ', 'g');
CREATE OR REPLACE TEMP MACRO spelled_day(text) AS CASE
    WHEN regexp_full_match(day_of(text), '(18|19|20)[0-9]{6}') THEN CAST(try_strptime(day_of(text), '%Y%m%d') AS DATE)
    WHEN regexp_matches(text, '[A-Za-z]{3}') AND regexp_matches(text, '[0-9]') THEN CAST(
        try_strptime(
            CASE
                WHEN regexp_full_match(spelled(text), '[0-9]{1,2} [A-Za-z]+ [0-9]{2}')
                    THEN spelled(text)[:-4] || ' ' || full_year(spelled(text)[-2:])
                ELSE spelled(text)
            END,
            ['%d %B %Y', '%d %b %Y', '%B %d %Y', '%b %d %Y', '%Y %b %d', '%Y %B %d', '%a %d %b %Y', '%a %b %d %Y']
        ) AS DATE
    )
END;

-- A year alone, or with its month, tells no day.
CREATE OR REPLACE TEMP MACRO year_alone(text) AS TRY_CAST(
    regexp_extract(trim(text), '^((?:18|19|20)[0-9]{2})(?:[.]0|[-/](?:0?[1-9]|1[0-2]))?$', 1) AS INTEGER
);

-- Days counted by Excel, the first of which is 1900-01-01; a number that could be a year is none. Milliseconds since
-- 1970 are what pandas writes.
CREATE OR REPLACE TEMP MACRO serial_day(text) AS
    CASE WHEN regexp_full_match(trim(text), '([1-9][0-9]{4}|[2-9][1-9][0-9]{2}|[3-9][0-9]{3})([.][0-9]+)?')
        THEN DATE '1899-12-30' + CAST(floor(CAST(text AS DOUBLE)) AS INTEGER)
    END;
CREATE OR REPLACE TEMP MACRO millisecond_day(text) AS
    CASE WHEN regexp_full_match(trim(text), '-?[0-9]{1,13}') THEN CAST(epoch_ms(CAST(trim(text) AS BIGINT)) AS DATE) END;

-- A number without blanks or apostrophes between its groups of digits, and money without the sign of the dollar.
CREATE OR REPLACE TEMP MACRO ungrouped(text) AS
    CASE WHEN regexp_full_match(text, '[0-9]{1,3}([ \x{a0}\x{202f}''\x{2019}][0-9]{3})+([.,][0-9]+)?')
        THEN regexp_replace(text, '[ \x{a0}\x{202f}''\x{2019}]', '', 'g')
        ELSE text
    END;
CREATE OR REPLACE TEMP MACRO digits_of(text) AS
    ungrouped(regexp_replace(bare(text), '(?i)^((us ?)?[$]|usd) ?| ?(k|m|mn|mio|b|bn|thousand|[mb]illions?)?( ?([$]|usd))?$', '', 'g'));

-- What money is in, where a cell says it: 30M, $1.2 billion.
CREATE OR REPLACE TEMP MACRO times_of(text) AS
    CASE lower(left(regexp_extract(bare(text), '(?i)[0-9] ?(k|m|mn|mio|b|bn|thousand|[mb]illions?)( ?([$]|usd))?$', 1), 1))
        WHEN 'k' THEN 1000
        WHEN 't' THEN 1000
        WHEN 'm' THEN 1000000
        WHEN 'b' THEN 1000000000
        ELSE 1
    END;
CREATE OR REPLACE TEMP MACRO is_grouped(digits, mark) AS
    regexp_full_match(digits, '[0-9]{1,3}(' || mark || '[0-9]{3}){2,}([.,][0-9]+)?|[0-9]{1,3}' || mark || '[0-9]{3}[.,][0-9]+')
    AND NOT regexp_full_match(digits, '.*' || mark || '[0-9]+' || mark || '([0-9]{1,2}|[0-9]{4,})');
CREATE OR REPLACE TEMP MACRO is_decimal(digits, mark) AS
    regexp_full_match(digits, '[0-9]*' || mark || '([0-9]{1,2}|[0-9]{4,})|([0-9]{4,}|0)' || mark || '[0-9]+');

-- In 30,000 and 30.000 the mark groups digits or begins a fraction, as the other cells of the column show.
CREATE OR REPLACE TEMP MACRO number_of(digits, comma, point) AS TRY_CAST(
    CASE
        WHEN regexp_full_match(digits, '[0-9]{1,3},[0-9]{3}')
            THEN CASE comma WHEN 'groups' THEN replace(digits, ',', '') WHEN 'fraction' THEN replace(digits, ',', '.') END
        WHEN regexp_full_match(digits, '[0-9]{1,3}[.][0-9]{3}')
            THEN CASE point WHEN 'groups' THEN replace(digits, '.', '') WHEN 'fraction' THEN digits END
        WHEN is_grouped(digits, ',') THEN replace(digits, ',', '')
        WHEN is_grouped(digits, '[.]') THEN replace(replace(digits, '.', ''), ',', '.')
        WHEN regexp_full_match(digits, '[0-9]*[.,]?[0-9]+([eE][-+]?[0-9]+)?|[0-9]+[.,]') THEN replace(digits, ',', '.')
    END AS DOUBLE
);
