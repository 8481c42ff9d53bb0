-- How the text of a list becomes names, with their TMDB ids where it has them: macros that give NULL for what they
-- cannot read, and never fewer items than the list has.

-- A list as Python or JSON writes it, from what other programs write: a tuple or a set of strings, strings without
-- brackets, a vector of R, and an array of numpy, which has no commas.
CREATE OR REPLACE TEMP MACRO bracketed(text) AS CASE
    WHEN regexp_full_match(text, $$\s*\[\s*'[^'"]*'(\s+'[^'"]*')+\s*\]\s*$$)
        THEN regexp_replace(text, $$'\s+'$$, $$', '$$, 'g')
    WHEN regexp_full_match(text, $$(?s)\s*[({]\s*(?:'[^':]*'|"[^":]*")\s*(?:,.*)?[)}]\s*$$)
        THEN '[' || regexp_extract(text, $$(?s)^\s*[({](.*?),?\s*[)}]\s*$$ || '$', 1) || ']'
    WHEN regexp_full_match(text, $$(?s)\s*(?:'.*'|".*")\s*$$) THEN '[' || text || ']'
    WHEN regexp_full_match(text, $$(?s)\s*c\((?:'.*'|".*")\)\s*$$)
        THEN '[' || regexp_extract(text, $$(?s)^\s*c\((.*)\)\s*$$ || '$', 1) || ']'
    ELSE text
END;

-- A cast from JSON would make an id of 1.5, "7" or true and a name of 7, so each is taken only from its own type.
CREATE OR REPLACE TEMP MACRO named_objects(list) AS list_transform(
    from_json(list, '[{"id": "JSON", "iso_3166_1": "JSON", "name": "JSON", "job": "JSON"}]'),
    lambda item: struct_pack(
        id := CASE WHEN json_type(item.id) IN ('BIGINT', 'UBIGINT') THEN TRY_CAST(item.id AS BIGINT) END,
        iso_3166_1 := CASE WHEN regexp_full_match(CAST(item.iso_3166_1 AS VARCHAR), '"[A-Z]{2}"') THEN item.iso_3166_1 ->> '$' END,
        name := CASE WHEN json_type(item.name) = 'VARCHAR' THEN nullif(item.name ->> '$', '') END,
        job := CASE WHEN json_type(item.job) = 'VARCHAR' THEN item.job ->> '$' END
    )
);
CREATE OR REPLACE TEMP MACRO strings(list) AS list_transform(
    from_json(list, '["JSON"]'),
    lambda item: struct_pack(
        id := CAST(NULL AS BIGINT),
        iso_3166_1 := CAST(NULL AS VARCHAR),
        name := CASE WHEN json_type(item) = 'VARCHAR' THEN nullif(trim(item ->> '$'), '') END,
        job := CAST(NULL AS VARCHAR)
    )
);
CREATE OR REPLACE TEMP MACRO all_named(items) AS len(list_filter(items, lambda item: item.name IS NULL)) = 0;
CREATE OR REPLACE TEMP MACRO list_items(list) AS CASE
    WHEN all_named(named_objects(list)) THEN named_objects(list)
    WHEN all_named(strings(list)) THEN strings(list)
END;

-- Names in braces, as PostgreSQL writes its arrays, or in brackets, as Java does: those are no sign of a list alone, since
-- names of companies begin with them.
CREATE OR REPLACE TEMP MACRO is_braced(text) AS regexp_full_match(text, '\s*\{[^{}:]*\}\s*');
CREATE OR REPLACE TEMP MACRO is_bracketed(text) AS regexp_full_match(text, '\s*\[[^\[\]]*\]\s*');
CREATE OR REPLACE TEMP MACRO without_brackets(text, are_lists) AS
    CASE WHEN is_braced(text) OR (are_lists AND is_bracketed(text))
        THEN replace(trim(text, ' []{}'), '"', '')
        ELSE text
    END;

-- Names between separators. Numbers are ids, whose names nobody knows here, and a list of strings is no name.
CREATE OR REPLACE TEMP MACRO may_be_names(text) AS
    (is_braced(text) OR NOT regexp_matches(text, $$^\s*(?:[\[{].*['"{:]|c\()$$)) AND NOT regexp_full_match(text, '[-0-9\s,;|.\[\]]+');

-- What follows a comma and belongs to the name before it: an article, or the legal form of a company.
CREATE OR REPLACE TEMP MACRO is_ending(piece) AS regexp_full_match(
    trim(piece),
    '(?i)the|les?|la|los|las|el|der|die|das|il|gli'
    || '|inc(orporated)?[.]?|(un)?ltd[.]?|(un)?limited|ll[cp][.]?|lp|co(mpany)?[.]?|corp(oration)?[.]?|plc[.]?|jr[.]?|sr[.]?'
    || '|gmbh( & co[.]?( kg)?)?|ag|kg|ohg|ug|bv|nv|sa|sas|sarl|srl|spa|sl|slu|sau|ab|as|a/s|aps|oyj?|kft[.]?|zrt[.]?|rt[.]?'
    || '|sp[.]? ?z ?o[.]?o[.]?|spol[.]? s ?r[.]? ?o[.]?|(pty|pte|pvt|sdn)[.]?( (ltd|limited|bhd)[.]?)?|bhd|tbk|kk|ltda[.]?|lda[.]?'
    || '|s[.]?a[.]? de c[.]?v[.]?|(&|and) co[.]?|([a-z][.] ?)+[a-z]?[.]?'
);

-- Split pieces, of which endings are put back behind the name before them.
CREATE OR REPLACE TEMP MACRO with_endings(pieces) AS list_transform(
    string_split(
        ltrim(
            array_to_string(
                list_transform(
                    pieces, lambda piece: CASE WHEN is_ending(piece) THEN chr(31) ELSE chr(30) END || trim(piece)
                ),
                ''
            ),
            chr(30) || chr(31)
        ),
        chr(30)
    ),
    lambda name: replace(name, chr(31), ', ')
);

-- A comma between digits is part of a name, and so is one with a blank where commas without one separate the names.
CREATE OR REPLACE TEMP MACRO split_at_commas(text, separator) AS list_transform(
    with_endings(
        string_split(
            regexp_replace(
                CASE separator
                    WHEN ',' THEN replace(text, ', ', chr(29))
                    WHEN ',+' THEN replace(text, ', ', ',')
                    ELSE text
                END,
                '([0-9]),([0-9])', '\1' || chr(28) || '\2', 'g'
            ),
            rtrim(separator, '+')
        )
    ),
    lambda name: replace(replace(name, chr(29), ', '), chr(28), ',')
);

-- Genres between hyphens. TMDB's names of genres contain none, but a few of others do.
CREATE OR REPLACE TEMP MACRO split_at_hyphens(text) AS list_transform(
    string_split(
        regexp_replace(text, '(?i)\b(sci|film|talk|reality|game)-(fi|noir|show|tv)\b', '\1' || chr(31) || '\2', 'g'), '-'
    ),
    lambda name: replace(trim(name), chr(31), '-')
);
CREATE OR REPLACE TEMP MACRO are_genres(names) AS len(list_filter(names, lambda name: lower(name) NOT IN (
    'action', 'adventure', 'animation', 'biography', 'children', 'comedy', 'crime', 'documentary', 'drama', 'family',
    'fantasy', 'film-noir', 'foreign', 'history', 'horror', 'kids', 'music', 'musical', 'mystery', 'news', 'reality',
    'romance', 'sci-fi', 'science fiction', 'short', 'sport', 'thriller', 'tv movie', 'war', 'western'
))) = 0;

CREATE OR REPLACE TEMP MACRO split_names(field, text, separator) AS CASE
    WHEN field = 'belongs_to_collection' THEN [text]  -- a film is part of one, whose name may contain commas
    WHEN separator = '-' AND field = 'genres' THEN split_at_hyphens(text)
    WHEN field = 'genres' THEN string_split_regex(text, '[|;,/\n]')
    WHEN field IN ('keywords', 'cast', 'crew', 'directors', 'writers')
        THEN string_split(text, rtrim(separator, '+ '))  -- they have no legal forms
    WHEN separator IN ('|', ';') THEN string_split(text, separator)
    ELSE split_at_commas(text, separator)
END;
CREATE OR REPLACE TEMP MACRO listed_names(field, text, separator) AS list_transform(
    list_filter(split_names(field, text, separator), lambda name: trim(name) <> ''),
    lambda name: struct_pack(id := CAST(NULL AS BIGINT), iso_3166_1 := CAST(NULL AS VARCHAR), name := trim(name), job := CAST(NULL AS VARCHAR))
);
