-- The value of a cell that was written by Python's repr() or as JSON:
--
--   python_literal(text)  its value as JSON, the same that Python's ast.literal_eval or json.loads would return
--
-- A text that neither of these can read gives NULL, never an error, and nothing is ever evaluated.
-- A text that both can read is taken as JSON. Also NULL, although Python could read them, are:
--   * what JSON cannot represent: tuples, sets, bytes, keys that are not strings, NaN, infinity, lone surrogates
--   * what repr never writes: trailing commas, joined strings ('a' 'b'), prefixes (u''), comments, \N{...}, +1, 1.
--   * more than 50 levels of brackets
-- A key that comes twice in one object stays twice in the JSON; Python keeps the last, DuckDB's functions the first.

-- DuckDB's parser accepts a trailing comma, NaN and brackets of any depth, so a text must fit this pattern too,
-- which has the rule for a pair of brackets once per level, because a regular expression cannot call itself.
CREATE OR REPLACE TEMP MACRO literal_pattern(scalar) AS
    repeat('(?:' || scalar || '|[-+.0-9eE]+|[\[{](?:[\s,:]*', 50)
    || '(?:' || scalar || '|[-+.0-9eE]+)'
    || repeat(')*\s*[\]}])', 50);

-- Most cells are repr at its plainest, and for those it is enough, and several times faster, to swap the quotes.
CREATE OR REPLACE TEMP MACRO is_plain_repr(text) AS
    regexp_full_match(text, '[ \t]*' || literal_pattern($$'[^'"\\\x00-\x1f]*'$$) || '[ \t]*');

-- JSON comes before Python because some JSON, such as "\/" or a surrogate pair, is also Python with another meaning.
CREATE OR REPLACE TEMP MACRO is_json(text) AS
    regexp_full_match(text, '\s*' || literal_pattern($$"(?:[^"\\\x00-\x1f]|\\.)*"|true|false|null$$) || '\s*')
    AND json_valid(text);

-- The escapes that Python accepts and JSON can represent, defined once: checking and translating must agree on them.
CREATE OR REPLACE TEMP MACRO escape_pattern() AS
    $$\\(?:[0-7]{1,3}|x[[:xdigit:]]{2}|(?:u|U0000)(?:[0-9a-cA-CefEF][[:xdigit:]]|[dD][0-7])[[:xdigit:]]{2}$$
    || $$|U00(?:0[1-9a-fA-F]|10)[[:xdigit:]]{4}|\r\n|[^xuUN\x00])$$;

-- An escape that is cut short or names half a surrogate pair spoils the whole text, so this comes before translating.
CREATE OR REPLACE TEMP MACRO is_repr(text) AS
    regexp_full_match(text, $$(?s)[ \t]*$$ || literal_pattern(
        $$'(?:[^'\\\r\n]|\\\r\n|\\.)*'|"(?:[^"\\\r\n]|\\\r\n|\\.)*"|None|True|False$$) || '[ \t]*[\r\n]*')
    AND regexp_full_match(text, $$(?:[^\\\x00]|$$ || escape_pattern() || ')*');

-- Characters are looked up one escape at a time, since a chain of replacements would take "\\n" for a line break.
CREATE OR REPLACE TEMP MACRO unescape(piece) AS CASE
    WHEN piece[1] <> '\' THEN piece
    WHEN piece[2] IN ('x', 'u', 'U') THEN chr(CAST('0x' || piece[3:] AS INTEGER))
    WHEN piece[2] BETWEEN '0' AND '7' THEN chr(list_reduce(
        CAST(string_split(piece[2:], '') AS INTEGER[]), lambda number, digit: 8 * number + digit))
    WHEN piece[2] IN ('\', '''', '"', 'a', 'b', 'f', 'n', 'r', 't', 'v')
        THEN translate(piece[2], 'abfnrtv', E'\x07\b\f\n\r\t\x0b')
    WHEN piece[2] IN (E'\r', E'\n') THEN ''
    ELSE piece
END;

-- Only inside a string can a quote, a bracket or the word None be text, so strings are split from the rest first.
CREATE OR REPLACE TEMP MACRO repr_to_json(text) AS array_to_string(list_transform(
    regexp_extract_all(text, $$(?s)'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^'"]+$$),
    lambda token: CASE
        WHEN token[1] NOT IN ('''', '"')
            THEN replace(replace(replace(token, 'None', 'null'), 'True', 'true'), 'False', 'false')
        WHEN NOT contains(token, '\') THEN CAST(to_json(token[2:-2]) AS VARCHAR)
        ELSE CAST(to_json(array_to_string(list_transform(
            regexp_extract_all(token[2:-2], escape_pattern() || $$|[^\\]+|\\$$),
            lambda piece: unescape(piece)), '')) AS VARCHAR)
    END), '');

-- The cases go from the common and cheap to the rare and expensive: only what one cannot read reaches the next.
CREATE OR REPLACE TEMP MACRO python_literal(text) AS CASE
    WHEN is_plain_repr(text) THEN TRY_CAST(replace(text, '''', '"') AS JSON)
    WHEN is_json(text) THEN TRY_CAST(text AS JSON)
    WHEN is_repr(text) THEN TRY_CAST(repr_to_json(text) AS JSON)
END;
