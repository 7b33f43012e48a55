-- $1::text account name, NULL for all
-- One line a rejected item; "whole" where the payload is unusable as a whole, as `reject drop` takes it:
-- without --account only one that no other account can use.
-- In parentheses: how many have no line of their own.
SELECT format('%s  %s  %s  %s  %s%s%s', a.name, encode(r.sha256, 'hex'),
    CASE WHEN p.kind = 'unusable' AND ($1::text IS NOT NULL OR NOT EXISTS (SELECT
        FROM coexsync.payload AS q WHERE q.sha256 = r.sha256 AND q.kind <> 'unusable'))
        THEN 'whole' ELSE 'item' END, r.code, p.source, r.pointer,
    CASE WHEN r.items > 1 THEN format(' (%s)', r.items) END)
FROM coexsync.reject AS r
JOIN coexsync.account AS a ON a.account_id = r.account_id
JOIN coexsync.payload AS p ON p.account_id = r.account_id AND p.sha256 = r.sha256
WHERE $1::text IS NULL
    OR r.account_id = (SELECT account_id FROM coexsync.account WHERE name = $1::text)
ORDER BY a.name, p.source, r.sha256, r.pointer
