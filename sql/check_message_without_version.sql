-- A message that says it has several contents has them in message_version.
SELECT format('message %s of account %s has several contents, but no versions', m.wamid, m.account_id)
FROM coexsync.message AS m
WHERE m.conflicts & 8 <> 0 AND NOT EXISTS (SELECT FROM coexsync.message_version AS v
    WHERE v.account_id = m.account_id AND v.wamid = m.wamid)
LIMIT 100
