-- The genres and companies of a film, from names between commas, without ids: the daily files of TMDB films.
-- A name that itself contains a comma and a blank looks like two; the usual endings of companies are recognised.
CREATE OR REPLACE TEMP MACRO listed(text) AS list_filter(
    list_transform(
        string_split(
            regexp_replace(
                text, ', (Inc|Ltd|LLC|L\.L\.C|S\.A|Co|Corp|GmbH|S\.p\.A|S\.L)\b', chr(31) || '\1', 'g'
            ),
            ', '
        ),
        lambda name: struct_pack(id := CAST(NULL AS BIGINT), name := replace(trim(name), chr(31), ', '))
    ),
    lambda item: item.name <> ''
);
