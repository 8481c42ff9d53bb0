-- Records that were read but cannot be loaded, by the row they have in raw: too few fields, no usable
-- id, or NUL characters.
SELECT pieces.row, 'fields' AS reason, format('it has {} of {} fields', len(pieces.fields), $width) AS message
FROM pieces
WHERE NOT EXISTS (SELECT 1 FROM joined WHERE pieces.row BETWEEN joined.row AND joined.last_row)
UNION ALL
SELECT row, 'id' AS reason, format('its id "{}" is no whole number', id_text) AS message
FROM texts
WHERE id IS NULL AND NOT has_nul
UNION ALL
SELECT row, 'nul' AS reason, 'it holds NUL characters' AS message
FROM texts
WHERE has_nul
ORDER BY row;
