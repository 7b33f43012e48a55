#!/usr/bin/env bash
# run.sh replay | soak SECONDS: the fuzz targets (build/fuzz/tests/fuzz_*) over the corpus, once or
# for so long each. Beside the corpus of a target lie the fixtures, and their keys as words.
set -u
cd "$(dirname "$0")/../.." || exit 1
mode=$1 seconds=${2:-0}
out=build/fuzz
mkdir -p "$out/corpus"
# no input of a fuzzer may take that much
limits=(-rss_limit_mb=512 -malloc_limit_mb=256 -timeout=10 -verbosity=0 -print_final_stats=1)

# every key and type that fixtures hold, as libFuzzer wants words
grep -ohE '"[a-z_A-Z]{2,40}"' fixtures/decode-*/payload.json | sort -u | sed 's/"\(.*\)"/"\\"\1\\""/' >"$out/words"

failures=0
for target in build/fuzz/tests/fuzz_*; do
    case $target in *.d) continue ;; esac
    name=${target##*/fuzz_}
    corpus=tests/fuzz/corpus/$name
    inputs=("$corpus")
    fixtures=()
    [ "$name" != decode ] || fixtures=(fixtures/decode-*/payload.json)
    log=$out/$name.log
    if [ "$mode" = replay ]; then
        "$target" "${limits[@]}" -runs=0 -artifact_prefix="$out/$name-" "${inputs[@]}" >"$log" 2>&1 &&
            { [ ${#fixtures[@]} -eq 0 ] ||
                "$target" "${limits[@]}" -artifact_prefix="$out/$name-" "${fixtures[@]}" >>"$log" 2>&1; }
        status=$?
        said="$(find "$corpus" -type f | wc -l) inputs"
    else
        mkdir -p "$out/corpus/$name"
        [ ${#fixtures[@]} -eq 0 ] || for f in "${fixtures[@]}"; do
            cp "$f" "$out/corpus/$name/$(basename "$(dirname "$f")").json"
        done
        "$target" "${limits[@]}" -max_total_time="$seconds" -max_len=16384 -use_value_profile=1 \
            -dict="$out/words" -artifact_prefix="$out/$name-" "$out/corpus/$name" "${inputs[@]}" >"$log" 2>&1
        status=$?
        said="$(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions in $seconds s"
    fi
    if [ "$status" -eq 0 ]; then
        echo "ok fuzz $name: $said"
    else
        echo "not ok fuzz $name"
        grep -vE '^(INFO|#)' "$log" | tail -n 40
        failures=$((failures + 1))
    fi
done
[ "$failures" -eq 0 ]
