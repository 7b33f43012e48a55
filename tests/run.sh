#!/usr/bin/env bash
# Everything that `make test` proves: lint, unit tests (release, and with ASan and UBSan), SQL,
# scenarios, faults and pages in a browser on a server of their own. `tests/run.sh NAME...` runs what matches only.
# Closes on `N passed, N failed`, and `N skipped` where something could not be had.
set -u
cd "$(dirname "$0")/.." || exit 1
logs=build/test-logs
mkdir -p "$logs"
only=("$@")
passed=0 failed=0 skipped=0

# The cores there are, for make.
jobs=$(nproc)

wanted() {
    [ ${#only[@]} -eq 0 ] && return 0
    local word
    for word in "${only[@]}"; do
        case $1 in *"$word"*) return 0 ;; esac
    done
    return 1
}

# count NAME STATUS SECONDS: adds up the lines `ok`, `not ok`, `skip` of a log; a script that ends
# badly without a `not ok` is one failure.
count() {
    local name=$1 status=$2 seconds=$3 log ok bad skip
    log=$logs/${name//\//-}.log
    ok=$(grep -c '^ok ' "$log")
    # cmocka's word for a skipped test is `not ok N # SKIP name`
    bad=$(grep '^not ok ' "$log" | grep -vcE '^not ok [0-9]+ # SKIP')
    skip=$(grep -cE '^skip |^not ok [0-9]+ # SKIP' "$log")
    [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
    if [ "$status" -eq 0 ] && [ $((ok + bad + skip)) -eq 0 ]; then
        echo "not ok $name ran no test" >>"$log"
        bad=1
    fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
    printf '%-34s %4d ok, %d failed, %d skipped, %d s\n' "$name" "$ok" "$bad" "$skip" "$seconds"
    [ "$bad" -eq 0 ] || grep -B 20 -A 12 -E '^not ok |runtime error|ERROR: |Error' "$log" | head -n 60
    grep -E '^skip |^not ok [0-9]+ # SKIP' "$log"
}

# step NAME COMMAND...
step() {
    local name=$1 status start=$SECONDS
    shift
    wanted "$name" || return 0
    timeout 900 "$@" >"$logs/${name//\//-}.log" 2>&1
    status=$?
    count "$name" $status $((SECONDS - start))
}

# One command as one test.
one() {
    local name=$1
    shift
    if "$@"; then echo "ok $name"; else echo "not ok $name"; return 1; fi
}
export -f one

build() { # FLAVOUR
    echo "building ($1)"
    make -j"$jobs" --no-print-directory FLAVOUR="$1" all units tools >"$logs/build-$1.log" 2>&1 && return 0
    grep -E 'error|Error|undefined' "$logs/build-$1.log" | head -n 20
    echo "0 passed, 1 failed"
    exit 1
}

build release
build asan

# shellcheck source=tests/tools/cluster.sh
. tests/tools/cluster.sh
cluster_start || exit 1
export PGTEST_HOST=$PGHOST

step lint bash -c 'one lint bash tests/lint.sh'
step clang bash -c "one 'builds with clang' make -s -j$jobs CC=clang B=build/clang PROGRAM=build/clang/coexsync all units tools"
step man bash -c "one 'the man page is clean' mandoc -T lint -W warning docs/coexsync.1"
for flavour in release asan; do
    for test in "build/$flavour"/tests/test_*; do
        case $test in *.d) continue ;; esac
        # one line a test: ok N - name
        step "unit/$flavour/$(basename "$test")" env CMOCKA_MESSAGE_OUTPUT=tap "$test"
    done
done
if wanted fuzz; then
    step fuzz/build bash -c "one 'fuzz targets build' make -s -j$jobs FLAVOUR=fuzz fuzzers"
    step fuzz/corpus bash tests/fuzz/run.sh replay
fi
for script in tests/sql/run.sh tests/scenario/[0-9]*.sh tests/fault/[0-9]*.sh tests/property/[0-9]*.sh; do
    [ -e "$script" ] || continue
    name=${script#tests/}
    step "${name%.sh}" bash "$script"
done
step browser bash tests/browser/run.sh
# beside the two writers that an import has by itself; `make writers` does it with all tests
for writers in 1 4; do
    step "fault/01-kill/writers-$writers" env WRITERS=$writers bash tests/fault/01-kill.sh
done
# on a server of its own, that need not survive a power cut
step mutants env -u PGTEST_HOST bash tests/mutants/run.sh

if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
