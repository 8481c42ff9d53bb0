-- The genres and companies of a film, from Python literals or JSON: the public archive, TMDB 5000.
CREATE OR REPLACE TEMP MACRO listed(text) AS named_items(text);
