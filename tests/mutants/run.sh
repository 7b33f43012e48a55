#!/usr/bin/env bash
# Each rule of table.txt turned round must make its test fail: on a copy of sql/ and migrations/,
# with the objects of the release build. First, the tree as it is must pass, if PASSES=1 does not say
# that others see to that. `run.sh NAME...` tries the mutants whose name holds one of the words.
# JOBS: how many at once.
# shellcheck disable=SC2317  # try_mutant is called through xargs
set -u
cd "$(dirname "$0")/../.." || exit 1
export LC_ALL=C root=$PWD JOBS=${JOBS:-2}
# small rows, many connections: each maps all shared buffers
export CLUSTER_OPTIONS='-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB -c autovacuum=off'
# shellcheck source=tests/tools/cluster.sh
. tests/tools/cluster.sh
cluster_start || exit 1
export PGTEST_HOST=$PGHOST
export out=$root/build/mutants
rm -rf "$out"
mkdir -p "$out"

# test_case TEST: `merge NAME` is a rule of 05-merge.sh, `scenario NAME` a file of tests/scenario,
# `sql NAME` one of tests/sql
test_case() {
    case $1 in
    merge\ *) STOP_AT_FIRST=1 ONLY=${1#merge } bash tests/scenario/05-merge.sh ;;
    scenario\ *) STOP_AT_FIRST=1 bash "tests/scenario/${1#scenario }.sh" ;;
    sql\ *) SQL_DATABASE=sql_${SLOT:?} bash tests/sql/run.sh "${1#sql }" ;;
    esac
}

# The program with one file's text put in the place of the old among those that the release build
# has made: nothing else is compiled.
build_mutant() { # DIR FILE
    local name libs quick_link=()
    ! command -v ld.gold >/dev/null || quick_link=(-fuse-ld=gold)
    name=$(basename "$2" .sql | tr 'a-z.-' 'A-Z__')
    read -ra libs < <(pkg-config --libs json-c libpq libcurl libarchive zlib libzstd libcrypto)
    od -An -v -tx1 "$1/$2" | sed 's/\([0-9a-f][0-9a-f]\)/0x\1,/g' >"$1/bytes"
    awk -v start="static const unsigned char text_${name}[] = {" -v bytes="$1/bytes" '
        $0 == start { print; while ((getline line < bytes) > 0) print line; is_old = 1; next }
        is_old && $0 == "0 };" { is_old = 0 }
        !is_old' build/release/gen/sql_texts.c >"$1/sql_texts.c"
    cc -O0 -Ibuild/release/gen -c -o "$1/sql_texts.o" "$1/sql_texts.c" &&
        cc "${quick_link[@]}" -o "$1/coexsync" "$1/sql_texts.o" "$out/rest.o" "${libs[@]}" -lpthread
}

# try_mutant LINE: ok if the test fails because of what it compares, not of a broken statement
try_mutant() {
    local name file find new test text dir rest
    local -A why=([merge]='^    got: .*\[[0-9]+-(at_once|one_by_one)' [sql]=': got .* instead of' [scenario]='^    got: ')
    name=${1%% ;; *} rest=${1#* ;; }
    file=${rest%% ;; *} rest=${rest#* ;; }
    find=${rest%% ;; *} rest=${rest#* ;; }
    new=${rest%% ;; *} test=${rest#* ;; }
    find=${find//\\n/$'\n'} new=${new//\\n/$'\n'}
    dir=$out/$name
    mkdir "$dir"
    cp -r sql migrations "$dir/"
    text=$(<"$file")
    rest=${text//"$find"/}
    if [ $((${#text} - ${#rest})) -ne ${#find} ]; then
        echo "not ok $name: its text is not exactly once in $file"
        return
    fi
    printf '%s\n' "${text/"$find"/"$new"}" >"$dir/$file"
    case $test in merge* | scenario*) build_mutant "$dir" "$file" >"$dir/log" 2>&1 ||
        { echo "not ok $name: does not build"; return; } ;;
    esac
    # only what the mutant leaves as it is may be made before
    case $file in sql/*) export CLUSTER_TEMPLATE=unchanged ;; *) export CLUSTER_TEMPLATE= ;; esac
    # a database for each of those at once, or two would meet
    if COEXSYNC=$dir/coexsync MIGRATIONS=$dir/migrations CLUSTER_SUFFIX=_${SLOT:?} \
        test_case "$test" >"$dir/log" 2>&1; then
        echo "not ok $name: survives '$test'"
    elif grep -qE 'database: |not ok rules were tried' "$dir/log" ||
        ! grep -qE "${why[${test%% *}]}" "$dir/log"; then
        echo "not ok $name: '$test' fails for another reason"
        sed 's/^/    /' "$dir/log" | head -n 12
    else
        echo "ok $name"
        rm -rf "$dir"
    fi
}
export -f test_case build_mutant try_mutant

export CASES=$out/cases
bash tests/scenario/05-merge.sh >"$out/merge.log" || cat "$out/merge.log"
if [ $# -eq 0 ] && [ -z "${PASSES:-}" ]; then
    env -u CASES bash tests/scenario/05-merge.sh | grep -v '^ok' && echo 'not ok the merge rules, not turned round'
    bash tests/sql/run.sh | grep -v '^ok' && echo 'not ok the views, not turned round'
fi >"$out/plain"
cluster_database unchanged && build/coexsync migrate up >/dev/null || exit 1
for ((slot = 0; slot < JOBS; slot++)); do cluster_database sql_$slot || exit 1; done
# of 93 links each counts
ld -r -o "$out/rest.o" build/release/src/*/*.o || exit 1
words=$(printf '|%s' "$@")
# shellcheck disable=SC2016  # for the inner bash
grep -vE '^(#|$)' tests/mutants/table.txt | grep -E "^[^ ]*(${words#|})[^ ]* ;; " | tr '\n' '\0' |
    xargs -0 -P "$JOBS" --process-slot-var=SLOT -I{} bash -c 'try_mutant "$1"' bash {} | cat "$out/plain" - | tee "$out/all"
echo "$(grep -c '^ok' "$out/all") mutants noticed, $(grep -c '^not ok' "$out/all") not"
grep -q '^ok' "$out/all" && ! grep -q '^not ok' "$out/all"
