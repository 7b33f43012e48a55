-- template: {relation} {columns}
-- part: index of the payload in the batch; wave: how many observations of the key come before it.
-- In a dry run it is there, empty, since the first batch.
CREATE TEMP TABLE IF NOT EXISTS stage_{relation} ON COMMIT DROP AS
SELECT {columns}, 0 AS part, 0 AS wave FROM coexsync.{relation} WITH NO DATA
