-- In the same message as BEGIN, or before a statement that stands alone: functions, operators and
-- types of what follows are those of PostgreSQL. On the path of the role or of the database anybody who
-- may create in one of its schemas puts a function that fits better, and it would run with the rights
-- of whoever imports. For this transaction only: a pooler hands the connection to others.
SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)
