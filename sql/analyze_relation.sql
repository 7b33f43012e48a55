-- template: {relation}
-- Nobody waits: where somebody counts the table already, or vacuums it, it will be counted soon enough, and
-- autovacuum would end its work for who waits behind it.
ANALYZE (SKIP_LOCKED) coexsync.{relation}
