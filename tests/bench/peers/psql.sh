#!/usr/bin/env bash
# psql.sh FOLDER: the documents, one a line, into a table of jsonb, then one statement over all.
set -eu
# a delimiter and a quote that JSON cannot contain: a line is taken as it stands
find "$1" -type f -exec awk 1 {} + | psql -qX -v ON_ERROR_STOP=1 -1 \
    -c 'CREATE TEMP TABLE document (body jsonb)' \
    -c "COPY document FROM STDIN (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')" \
    -f "$(dirname "$0")/jsonb.sql"
