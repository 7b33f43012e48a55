#!/usr/bin/env bash
# Runs the property test: run.sh [options of build/release/tools/property]. On the server of PGHOST
# if that is set, else on one of its own that need not survive a power cut.
set -u
cd "$(dirname "$0")/../.." || exit 1
export TZ=UTC LC_ALL=C.UTF-8
if [ -z "${PGHOST:-}" ]; then
    unset PGTEST_HOST
    # shellcheck disable=SC2034
    CLUSTER_OPTIONS="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off  ${PROPERTY_SERVER:-}"
    # shellcheck source=tests/tools/cluster.sh
    . tests/tools/cluster.sh
    cluster_start || exit 1
fi
build/release/tools/property "$@"
