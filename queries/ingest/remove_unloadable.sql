-- Records that were read but cannot be loaded: pieces, and those with NUL characters or without a usable id.
INSERT INTO unloadable
SELECT
    coalesce(first_row, rowid) + $before,
    CASE WHEN has_nul THEN 'nul' ELSE 'id' END AS reason,
    CASE
        WHEN has_nul THEN 'it contains NUL characters'
        ELSE format('its id "{}" is not a whole number', left(unread.id, 40))
    END AS message
FROM staging.batch
WHERE pieces IS NULL AND (has_nul OR id IS NULL);

DELETE FROM staging.batch WHERE pieces IS NOT NULL OR has_nul OR id IS NULL;
