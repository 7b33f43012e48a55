-- template: {query} is the operator's own, as it stands; lint puts `SELECT 1` there
-- Named, so that it lives through many statements; it ends with the transaction.
DECLARE coexsync_documents NO SCROLL CURSOR FOR
{query}
