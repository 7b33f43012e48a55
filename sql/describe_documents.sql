-- needs: documents
-- The columns, and no row.
FETCH FORWARD 0 FROM coexsync_documents
