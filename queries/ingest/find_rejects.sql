-- Records that were read but cannot be loaded, in the order of the file.
SELECT row, reason, message
FROM unloadable
ORDER BY row;
