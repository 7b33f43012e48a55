-- needs: savepoint
RELEASE SAVEPOINT work
