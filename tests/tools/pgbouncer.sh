#!/usr/bin/env bash
# A temporary PgBouncer before the test cluster, in transaction mode. Sourced after cluster.sh:
#   pgbouncer_start     starts one before the server of PGHOST; PGBOUNCER_HOST is its folder: who
#                       exports PGHOST=$PGBOUNCER_HOST goes through it, port and user are the same.
#                       Adds to the trap of EXIT that it is stopped.
#   pgbouncer_stop      stops and removes it
#   pgbouncer_show W    SHOW W of its console, a line `column|value` each: versions have other columns
# PGBOUNCER_POOL: server connections for each database, 6. They are used in turn, so that the
# statements of one client meet many of them.

pgbouncer_start() {
    local before=()
    PGBOUNCER_HOST=$(mktemp -d /tmp/coexsync-pool.XXXXXX)
    chmod 755 "$PGBOUNCER_HOST"
    printf '"%s" ""\n' "$PGUSER" >"$PGBOUNCER_HOST/users"
    cat >"$PGBOUNCER_HOST/ini" <<INI
[databases]
* = host=$PGHOST port=$PGPORT
[pgbouncer]
pool_mode = transaction
default_pool_size = ${PGBOUNCER_POOL:-6}
server_round_robin = 1
max_client_conn = 200
listen_addr =
listen_port = $PGPORT
unix_socket_dir = $PGBOUNCER_HOST
auth_type = trust
auth_file = $PGBOUNCER_HOST/users
admin_users = $PGUSER
logfile = $PGBOUNCER_HOST/log
pidfile = $PGBOUNCER_HOST/pid
INI
    # it refuses root
    [ "$(id -u)" -ne 0 ] || chown -R postgres "$PGBOUNCER_HOST"
    eval "before=($(trap -p EXIT))"
    # shellcheck disable=SC2064  # the trap that there is now
    trap "pgbouncer_stop; ${before[2]:-}" EXIT
    # Debian has it where a user's PATH does not look
    PATH=$PATH:/usr/sbin cluster_as_server "$(PATH=$PATH:/usr/sbin command -v pgbouncer)" -q -d \
        "$PGBOUNCER_HOST/ini" && pgbouncer_answers && return 0
    cat "$PGBOUNCER_HOST/log" >&2
    return 1
}

# It is in the background before it listens.
pgbouncer_answers() {
    for _ in {1..200}; do
        pgbouncer_show VERSION >/dev/null 2>&1 && return 0
        sleep 0.05
    done
    return 1
}

pgbouncer_stop() {
    local pid
    [ -n "${PGBOUNCER_HOST:-}" ] || return 0
    pid=$(cat "$PGBOUNCER_HOST/pid" 2>/dev/null) && kill "$pid" 2>/dev/null
    while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    rm -rf "$PGBOUNCER_HOST"
    PGBOUNCER_HOST=
}

pgbouncer_show() {
    PGHOST=$PGBOUNCER_HOST PGDATABASE=pgbouncer psql -qXAtx -c "SHOW $1"
}
