-- The form in which names are compared: lower case, without accents, with single blanks. strip_accents leaves letters
-- with a stroke, so the three that occur in names of studios are replaced here; a chain of replacements is faster than
-- translate.
CREATE OR REPLACE TEMP MACRO folded(text) AS trim(regexp_replace(
    replace(replace(replace(lower(strip_accents(text)), 'ł', 'l'), 'ø', 'o'), 'đ', 'd'),
    '[\t-\r\x1c-\x20\x85\p{Z}]+', ' ', 'g'
));
