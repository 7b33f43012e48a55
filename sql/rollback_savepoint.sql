-- needs: savepoint
ROLLBACK TO SAVEPOINT work
