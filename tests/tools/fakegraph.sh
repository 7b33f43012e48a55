#!/usr/bin/env bash
# A Graph API for a scenario. Sourced behind tests/scenario/common.sh.
#   graph_start [OPTION...]  starts one: $graph (its URL), $graph_port, $graph_log, $graph_control
#   announce [OPTION...] ID...  imports the announcement of these files, into the database at hand
#   media [OPTION...]        coexsync media, asked of it, into $work/media
#   outcomes                 `id outcome` of each file, a line each
: "${work:?}" "${tools:?}" "${coexsync:?}"
export COEXSYNC_TOKEN=made-up-token
graph_log=$work/graph.log
graph_control=$work/graph.control
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
announced=0

graph_start() {
    graph_size=
    [ "${1:-}" != --size ] || graph_size=$2
    rm -f "$work/graph.port"
    : >"$graph_log"
    : >"$graph_control"
    "$tools/fakegraph" --port-file "$work/graph.port" --log "$graph_log" \
        --control "$graph_control" --token "$COEXSYNC_TOKEN" "$@" 2>"$work/graph.err" &
    graph_pid=$!
    until [ -s "$work/graph.port" ]; do
        kill -0 $graph_pid 2>/dev/null || { cat "$work/graph.err" >&2; exit 1; }
        sleep 0.05
    done
    graph_port=$(cat "$work/graph.port")
    graph=http://127.0.0.1:$graph_port/v23.0
}

announce() {
    announced=$((announced + 1))
    "$tools/fakegraph" ${graph_size:+--size "$graph_size"} announce "$@" >"$work/announced-$announced.json"
    env -u COEXSYNC_TOKEN "$coexsync" ingest "$work/announced-$announced.json" \
        --onboarded-at="$now" >/dev/null
}

media() {
    "$coexsync" media --graph-url "$graph" --media-dir "$work/media" --rate 0 "$@"
}

outcomes() {
    sql "SELECT media_id || ' ' || outcome FROM coexsync.media_file ORDER BY media_id COLLATE \"C\""
}

# The files of the folder that are not what their name says; what should not be there.
wrong_files() {
    local path name
    (cd "$work/media" && find . -type f) | while read -r path; do
        name=$(echo "$path" | tr -d './')
        [ "$(sha256sum <"$work/media/$path" | cut -d' ' -f1)" = "$name" ] || echo "$path"
    done
    find "$work/media" -mindepth 1 -maxdepth 1 -name '.*'
}

# Rows of files that are here whose file is not.
missing_files() {
    sql "SELECT path FROM coexsync.media_file WHERE path IS NOT NULL" | while read -r path; do
        [ -f "$work/media/$path" ] || echo "$path"
    done
}
