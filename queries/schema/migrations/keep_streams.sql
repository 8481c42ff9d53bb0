-- How far each topic is loaded stays known. Schemas before 7 had no streams.
INSERT INTO streams BY NAME SELECT * FROM old.streams;
