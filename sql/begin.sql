-- Whatever the role or the database has by default: a look behind a lock must see what was done before
-- it, and this writes.
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE
