-- template: {relation}
-- Of many accounts, each statement looks for the rows of one.
CREATE INDEX IF NOT EXISTS stage_{relation}_idx ON pg_temp.stage_{relation} (account_id)
