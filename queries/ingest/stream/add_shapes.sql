-- Which member is which field, for each list of names.
INSERT INTO shapes BY NAME SELECT unnest($shapes, recursive := true);
