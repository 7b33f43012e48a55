#!/usr/bin/env bash
# Everything that `make test` proves: lint, unit tests (release, and with ASan and UBSan), SQL,
# scenarios, faults and pages in a browser. `tests/run.sh NAME...` runs what matches only.
# Steps run side by side in two lanes, each with a server of its own: a step writes to a folder of its
# own. LANES=1 runs one after the other.
# Closes on `N passed, N failed`, and `N skipped` where something could not be had.
# shellcheck disable=SC2317,SC2016  # run_step is called through xargs, with words for the inner bash
set -u
cd "$(dirname "$0")/.." || exit 1
only=("$@")
LANES=${LANES:-2}
export logs=build/test-logs
mkdir -p "$logs"
rm -f "$logs"/{counts,stopped,running-*}
touch "$logs/counts"

# ---- the steps, in order ------------------------------------------------------------------------

names=() # of the steps
steps=() # the name and the command of each, quoted

wanted() {
    [ ${#only[@]} -eq 0 ] && return 0
    local word
    for word in "${only[@]}"; do
        case $1 in *"$word"*) return 0 ;; esac
    done
    return 1
}

# step NAME COMMAND...: one that is there already keeps its place
step() {
    case " ${names[*]} " in *" $1 "*) return ;; esac
    wanted "$1" || return 0
    names+=("$1")
    steps+=("$(printf '%q ' "$@")")
}

# One command as one test.
one() {
    local name=$1
    shift
    if "$@"; then echo "ok $name"; else echo "not ok $name"; return 1; fi
}

add_steps() {
    local name flavour script test major
    # the longest first, so that the lanes end together; the mutants bring their own server
    step mutants env -u PGTEST_HOST PASSES=1 bash tests/mutants/run.sh
    step property/01-property bash tests/property/01-property.sh
    for name in fault/02-commit-lost scenario/30-media scenario/02-order scenario/21-replay; do
        step $name bash tests/$name.sh
    done
    step browser bash tests/browser/run.sh
    step lint bash -c 'one lint bash tests/lint.sh'
    # its warnings are errors; what it links and runs are the fuzz targets
    step clang bash -c "one 'clang finds nothing' make -s CC=clang syntax"
    # beside the two writers that an import has by itself; `make writers` does it with all tests
    for writers in 1 4; do
        step "fault/01-kill/writers-$writers" env WRITERS=$writers bash tests/fault/01-kill.sh
    done
    step fuzz bash -c "one 'fuzz targets build' make -s FLAVOUR=fuzz fuzzers && bash tests/fuzz/run.sh replay"
    for script in tests/fault/[0-9]*.sh tests/scenario/[0-9]*.sh tests/property/[0-9]*.sh tests/sql/run.sh; do
        name=${script#tests/}
        step "${name%.sh}" bash "$script"
    done
    # the oldest that is served and the newest; `make versions` tries more on more
    for major in 14 18; do
        for name in sql/run scenario/01-activation scenario/05-merge; do
            step "$name/postgresql-$major" env -u PGTEST_HOST bash tests/tools/version.sh $major bash tests/$name.sh
        done
    done
    # a limit of transactions, which the server of Debian does not have
    step scenario/07-privileges/postgresql-18 env -u PGTEST_HOST bash tests/tools/version.sh 18 bash tests/scenario/07-privileges.sh
    for flavour in asan release; do
        for test in "build/$flavour"/tests/test_*; do
            # one line a test: ok N - name
            [[ $test == *.d ]] || step "unit/$flavour/${test##*/}" env CMOCKA_MESSAGE_OUTPUT=tap "$test"
        done
    done
    step man bash -c "one 'the man page is clean' mandoc -T lint -W warning docs/coexsync.1"
}

# ---- a step -------------------------------------------------------------------------------------

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
    echo "$ok $bad $skip" >>"$logs/counts"
    printf '%-34s %4d ok, %d failed, %d skipped, %d s\n' "$name" "$ok" "$bad" "$skip" "$seconds"
    [ "$bad" -eq 0 ] || grep -B 20 -A 12 -E '^not ok |runtime error|ERROR: |Error' "$log" | head -n 60
    grep -E '^skip |^not ok [0-9]+ # SKIP' "$log"
}

# run_step NAME COMMAND...: in the lane $LANE, on its server
run_step() {
    local name=$1 start=$SECONDS status host=PGTEST_HOST_${LANE:?}
    shift
    [ ! -e "$logs/stopped" ] || exit 255 # xargs begins nothing more
    export PGTEST_HOST=${!host}
    bash -c 'echo $$ >"$1" && exec timeout 1500 "${@:2}"' bash "$logs/running-$LANE" "$@" \
        >"$logs/${name//\//-}.log" 2>&1
    status=$?
    rm "$logs/running-$LANE"
    # one after the other, or lines of two lanes would mix
    flock "$logs/counts.lock" bash -c 'count "$@"' bash "$name" $status $((SECONDS - start))
}
export -f one count run_step

# ---- all of them --------------------------------------------------------------------------------

build() { # FLAVOUR TARGET...
    echo "building ($1)"
    make -j"$(nproc)" --no-print-directory FLAVOUR="$1" "${@:2}" >"$logs/build-$1.log" 2>&1 && return 0
    grep -E 'error|Error|undefined' "$logs/build-$1.log" | head -n 20
    echo "0 passed, 1 failed"
    exit 1
}

# shellcheck source=tests/tools/cluster.sh
. tests/tools/cluster.sh
clusters=()
# A server for each lane, that need not survive a power cut: no test makes one.
start_clusters() {
    local lane free_kib
    # in memory, if that has room for all that the lanes write, and programs may run there
    free_kib=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)
    [ "${free_kib:-0}" -lt 6000000 ] || findmnt -no OPTIONS -T /dev/shm | grep -qw noexec ||
        export TEST_TMP=${TEST_TMP:-/dev/shm}
    # small buffers: each of thousands of connections maps them
    export CLUSTER_OPTIONS='-c fsync=off -c full_page_writes=off -c shared_buffers=32MB'
    for ((lane = 0; lane < LANES; lane++)); do
        cluster_start || exit 1
        clusters+=("$CLUSTER_DIR")
        trap stop_clusters EXIT
        export "PGTEST_HOST_$lane=$PGHOST"
    done
    unset CLUSTER_OPTIONS
}
stop_clusters() {
    for CLUSTER_DIR in "${clusters[@]}"; do cluster_stop; done
}

# The steps that run end badly, none begins, what was counted is said.
stop() {
    touch "$logs/stopped"
    cat "$logs"/running-* 2>/dev/null | xargs -r kill
}

build release all units tools
build asan all units # the tools that steps use are those of release
add_steps
start_clusters
set -m # INT from a terminal comes here and not to the lanes
printf '%s\0' "${steps[@]}" |
    xargs -0 -r -n 1 -P "$LANES" --process-slot-var=LANE bash -c 'eval "run_step $1"' bash &
trap stop INT TERM
while kill -0 $! 2>/dev/null; do wait $!; done

read -r ended passed failed skipped < <(awk '{ok += $1; bad += $2; skip += $3}
    END {print NR, ok + 0, bad + 0, skip + 0}' "$logs/counts")
if [ "$ended" -lt ${#steps[@]} ]; then
    echo "not ok $((${#steps[@]} - ended)) of ${#steps[@]} steps did not come to their end"
    failed=$((failed + 1))
fi
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
