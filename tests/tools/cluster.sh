#!/usr/bin/env bash
# A temporary PostgreSQL cluster on a unix socket, for tests. Sourced:
#   cluster_start      starts one, exports PGHOST PGPORT PGUSER PGDATABASE, sets a trap that stops it
#   cluster_stop       stops and removes it
#   cluster_database N drops and makes an empty database N and exports PGDATABASE
# CLUSTER_SUFFIX: behind the name of each database, for tests side by side.
# CLUSTER_TEMPLATE: the database that is copied for an empty one.
# CLUSTER_INITDB: other words for initdb than `-A trust`.
# CLUSTER_OPTIONS: more words for the server, as `-c fsync=off`.
# CLUSTER_PROGRAMS: the folder of another server's initdb, pg_ctl and postgres (`make versions`).
# TEST_TMP: where its folder is made, /tmp if not set; a short path that any user can reach.
# PGTEST_HOST set: that cluster is used instead (tests/run.sh starts one for all), and not stopped.

# The programs of the server that is installed: initdb and postgres are not on Debian's PATH.
cluster_bindir() {
    local dir found=
    for dir in /usr/lib/postgresql/*/bin; do
        [ -x "$dir/initdb" ] && found=$dir
    done
    printf '%s\n' "${found:-$(dirname "$(command -v initdb)")}"
}

# initdb refuses root, so as root everything of the server runs as another user.
cluster_as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups --inh-caps=-all "$@")
    else
        "$@"
    fi
}

cluster_start() {
    if [ -n "${PGTEST_HOST:-}" ]; then
        export PGHOST=$PGTEST_HOST PGPORT=5432 PGUSER=coexsync PGDATABASE=postgres PATH=$PGTEST_HOST/bin:$PATH
        return 0
    fi
    CLUSTER_BIN=${CLUSTER_PROGRAMS:-$(cluster_bindir)}
    # not build/: a unix socket path holds 107 bytes, and the server's user must reach it
    CLUSTER_DIR=$(mktemp -d "${TEST_TMP:-/tmp}/coexsync-test.XXXXXX")
    chmod 755 "$CLUSTER_DIR"
    [ "$(id -u)" -ne 0 ] || chown postgres "$CLUSTER_DIR"
    trap cluster_stop EXIT
    # shellcheck disable=SC2086
    cluster_as_server "$CLUSTER_BIN/initdb" -D "$CLUSTER_DIR/data" -U coexsync ${CLUSTER_INITDB:--A trust} \
        --encoding=UTF8 --locale=C.UTF-8 --no-instructions >"$CLUSTER_DIR/initdb.log" 2>&1 ||
        { cat "$CLUSTER_DIR/initdb.log" >&2; return 1; }
    cluster_as_server "$CLUSTER_BIN/pg_ctl" -D "$CLUSTER_DIR/data" -w -s -l "$CLUSTER_DIR/data/log" \
        -o "-c listen_addresses='' -c unix_socket_directories='$CLUSTER_DIR' -c max_connections=60 ${CLUSTER_OPTIONS:-}" \
        start >/dev/null || { cat "$CLUSTER_DIR/data/log" >&2; return 1; }
    # Debian's psql is a script of Perl before the program: five times its CPU time, in thousands of calls
    mkdir "$CLUSTER_DIR/bin" && ln -s "$(cluster_bindir)"/{psql,pg_dump} "$CLUSTER_DIR/bin/"
    export PGHOST=$CLUSTER_DIR PGPORT=5432 PGUSER=coexsync PGDATABASE=postgres PATH=$CLUSTER_DIR/bin:$PATH
}

cluster_stop() {
    [ -n "${CLUSTER_DIR:-}" ] || return 0
    cluster_as_server "$CLUSTER_BIN/pg_ctl" -D "$CLUSTER_DIR/data" -m immediate -s stop >/dev/null 2>&1
    rm -rf "$CLUSTER_DIR"
    CLUSTER_DIR=
}

cluster_database() {
    local name=$1${CLUSTER_SUFFIX:-}
    PGDATABASE=postgres psql -qXc "SET client_min_messages = error" \
        -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" -c "CREATE DATABASE $name ${CLUSTER_TEMPLATE:+TEMPLATE $CLUSTER_TEMPLATE}"
    export PGDATABASE=$name
}
