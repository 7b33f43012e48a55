-- template: {relation}
-- Where the transaction goes on behind the batch (a dry run).
DROP TABLE pg_temp.stage_{relation}
