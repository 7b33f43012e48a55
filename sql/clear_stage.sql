-- template: {relation}
-- Where the transaction goes on behind the batch (a dry run). Not dropped: the locks of each new
-- table would be held to the end, and those of many batches are more than the server has.
TRUNCATE pg_temp.stage_{relation}
