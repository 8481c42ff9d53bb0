-- How names are compared: in lower case, without accents, with one blank wherever there are several. A letter with
-- a stroke is no letter with an accent, so the three that studios have are named; a chain of replacements is faster
-- than translate.
CREATE OR REPLACE TEMP MACRO folded(text) AS trim(regexp_replace(
    replace(replace(replace(lower(strip_accents(text)), 'ł', 'l'), 'ø', 'o'), 'đ', 'd'),
    '[\t-\r\x1c-\x20\x85\p{Z}]+', ' ', 'g'
));
