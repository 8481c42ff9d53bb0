-- What belongs to one file only, of which all is known now: row numbers begin anew with the next.
DELETE FROM unloadable;
DROP TABLE IF EXISTS reject_errors;
DROP TABLE IF EXISTS reject_scans;
