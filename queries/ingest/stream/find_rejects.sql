-- The messages that cannot be loaded: the partition is their file, the offset their line.
SELECT $topic || '/' || partition AS file, message_offset AS line, reason, message, raw
FROM readings
WHERE reason IS NOT NULL
ORDER BY file, line;
