-- How most lists become names with their TMDB ids, or the ISO codes of countries: macros that give NULL for what they
-- cannot read. Others are read by those of lists.sql, which take long to plan.

-- What programs write for a value that is missing: pandas, R, SQL dumps and spreadsheets.
CREATE OR REPLACE TEMP MACRO is_missing(text) AS
    lower(bare(text)) IN ('', '-', '--', '\n', 'na', 'n/a', '#n/a', '<na>', 'nan', 'nat', 'none', 'null', '{}', '()', 'c()', 'character(0)', 'n.a.', '(no genres listed)');

-- Most lists of objects are as plain as this, and need no more than other quotation marks to be JSON: four times as fast.
-- Most others only have a name with an apostrophe, which Python writes between double quotation marks.
CREATE OR REPLACE TEMP MACRO are_objects(text, name) AS regexp_full_match(
    text,
    $$\[(\{((?:'id': [0-9]{1,18}|'iso_3166_1': '[A-Z]{2}'), 'name': $$ || name || $$|'name': $$ || name || $$, 'id': [0-9]{1,18})\}(, |\]$))+$$
);
CREATE OR REPLACE TEMP MACRO are_json_objects(text) AS regexp_full_match(
    text,
    $$\[(\{((?:"id":[0-9]{1,18}|"iso_3166_1":"[A-Z]{2}"),"name":"[^"\\\x00-\x1f]+"|"name":"[^"\\\x00-\x1f]+","id":[0-9]{1,18})\}(,|\]$))+$$
);
CREATE OR REPLACE TEMP MACRO plain_objects(text) AS from_json(
    CASE
        WHEN are_objects(text, $$'[^'"\\\x00-\x1f]+'$$) THEN replace(text, '''', '"')
        WHEN are_objects(text, $$(?:'[^'"\\\x00-\x1f]+'|"[^'"\\\x00-\x1f]*[^ '"\\\x00-\x1f]'[^'"\\\x00-\x1f]*")$$)
            THEN regexp_replace(
                replace(
                    replace(replace(text, '''id'': ', '"id": '), '''iso_3166_1'': ', '"iso_3166_1": '),
                    '''name'': ', '"name": '
                ),
                $$ '([^']*)'$$, ' "\1"', 'g'
            )
        WHEN are_json_objects(text) THEN text
    END,
    '[{"id": "BIGINT", "iso_3166_1": "VARCHAR", "name": "VARCHAR", "job": "VARCHAR"}]'
);

-- A collection is one object, with the paths of its pictures.
CREATE OR REPLACE TEMP MACRO object_parts(text) AS regexp_extract(
    text,
    $$^\{'id': ([0-9]{1,18}), 'name': (?:'([^'"\\\x00-\x1f]+)'|"([^"\\\x00-\x1f]*'[^"\\\x00-\x1f]*)")((?:, '[a-z_]+': (?:None|'[^'"\\]*'))*)\}$$ || '$',
    ['id', 'name', 'quoted', 'rest']
);
CREATE OR REPLACE TEMP MACRO plain_object(text) AS CASE
    WHEN object_parts(text).id <> '' THEN [struct_pack(
        id := CAST(object_parts(text).id AS BIGINT),
        iso_3166_1 := CAST(NULL AS VARCHAR),
        name := object_parts(text).name || object_parts(text).quoted,
        job := CAST(NULL AS VARCHAR)
    )]
END;
