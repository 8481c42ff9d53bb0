-- Which fields could not be read, and in how many films?
SELECT field, films, example FROM unread_fields ORDER BY films DESC, field;
