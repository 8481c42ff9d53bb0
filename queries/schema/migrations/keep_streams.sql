-- How far each topic is loaded stays known.
INSERT INTO streams BY NAME SELECT * FROM old.streams;
