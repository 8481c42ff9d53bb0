-- The films come from a dump now: which messages of a topic it contains, only the user knows.
DELETE FROM streams;
