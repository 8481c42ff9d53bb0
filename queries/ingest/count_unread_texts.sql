-- How many texts, of lists and of values, could not be read so far?
SELECT count(*) AS texts FROM unread_texts;
