-- needs: documents
-- Row by row over the wire: what the client has not taken yet is the server's, however large.
FETCH FORWARD 1000 FROM coexsync_documents
