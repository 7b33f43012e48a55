#!/usr/bin/env bash
# Eight processes that ingest overlapping parts of one set at once, some of them killed and started
# again. Sourced after scenario/common.sh:
#   eight_parts MESSAGES SEED      makes $work/p1 … p8 out of one set, which is $work/whole
#   eight_versions MESSAGES SEED   the same with other texts in each; $work/p0 is the plain set
#   eight_run NAME WANT KILLS      ingests all of them side by side into the current database; each
#                                  of the first four is killed KILLS times; then checks the facts
# It shows how many deadlocks the server counted. They are no error as such (COPY and INSERT may meet
# in two orders; the batch is sent again), but more than a few say that an order is broken, and the
# locks of the merge have one.
# shellcheck disable=SC2154  # common.sh gives work, tools, coexsync

# that of the server, also where PGHOST becomes a pooler later
eight_log=$PGHOST/data/log

# Lines that are said of each try again, by SQLSTATE.
eight_retries() {
    sed -nE 's/.*batch is sent again \((.*)\).*/\1/p' "$work"/eight/*.log | sort | uniq -c |
        awk '{printf "%s%s times after %s", (NR > 1 ? ", " : ""), $1, $2} END {if (NR == 0) printf "none"}'
}

# The server tells its statistics a little later.
eight_deadlocks() {
    sleep 1
    sql 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'
}

# Of a server's log: the tables whose rows were being locked when a deadlock was found.
eight_lock_deadlocks() {
    sed -nE '/ERROR:.*deadlock detected/,/CONTEXT:/ s/.*while locking tuple .* in relation/locking/p' | sort | uniq -c
}

# A stream of bytes that SEED decides, for shuf.
eight_random() {
    openssl enc -aes-128-ctr -nosalt -pass "pass:$1" </dev/zero 2>/dev/null
}

eight_set() { # MESSAGES SEED
    rm -rf "$work/whole" "$work/split" "$work/pieces" "$work"/p[0-8]
    "$tools/mkpayloads" --seed "$2" --messages "$1" --threads $(($1 / 250 + 4)) --days 180 \
        --out "$work/whole" >"$work/facts"
    eight_messages=$(sed -nE 's/.* messages=([0-9]+) .*/\1/p' "$work/facts")
    # the same as one document a message, in as many files as the set has
    "$tools/reshuffle" "$work/whole" "$work/split" --seed "$2" --split --ndjson >/dev/null
    mkdir "$work/pieces"
    split -n "r/$(find "$work/whole" -type f | wc -l)" -a 3 --additional-suffix=.ndjson \
        "$work/split/all.ndjson" "$work/pieces/"
}

# Links of the files FROM… under names that give them another order.
eight_link() { # SEED TO FILE...
    local seed=$1 to=$2 nth=1000 file
    shift 2
    mkdir "$to"
    while read -r file; do
        nth=$((nth + 1))
        ln "$file" "$to/$nth-${file##*/}"
    done < <(printf '%s\n' "$@" | shuf --random-source=<(eight_random "$seed"))
}

# Of two processes one has a half, the other the rest and a half of that half, so that any two pairs
# meet. 1 and 2 have the documents as they are, 3 to 6 with other white space (other bytes, the same
# messages), 7 and 8 one document a message, of a third of the set: a ledger row a message is slow.
eight_parts() {
    local pair from files half i
    eight_set "$@"
    for pair in 1 3 5 7; do
        from=$work/whole
        [ $pair -ne 7 ] || from=$work/pieces
        mapfile -t files < <(find "$from" -type f | sort |
            shuf --random-source=<(eight_random "$2 $pair"))
        [ $pair -ne 7 ] || files=("${files[@]:0:${#files[@]} / 3}")
        half=$((${#files[@]} / 2))
        eight_link "$2 $pair" "$work/p$pair" "${files[@]:0:half}"
        eight_link "$2 $pair" "$work/p$((pair + 1))" "${files[@]:half / 2}"
    done
    for i in 3 4 5 6; do
        # sed -i makes a new file, so the one behind the link stays
        sed -i "s/^{/{$(printf "%${i}s" '')/" "$work/p$i"/*
    done
}

# All eight have everything twice, one document a message, each time in one of eight versions, so
# contents differ between the eight and within a batch; no two give the same bytes. All go through it block by block, so that
# they meet. $work/p0 is to be there before: then nothing is new, and all they do is merging.
eight_versions() {
    local i block
    eight_set "$@"
    mv "$work/whole" "$work/p0"
    mkdir "$work/whole"
    ln "$work"/p0/* "$work/whole/"
    shuf --random-source=<(eight_random "$2") "$work/split/all.ndjson" |
        split -l 700 -a 3 - "$work/split/block-"
    for i in 1 2 3 4 5 6 7 8; do
        mkdir "$work/p$i"
        for block in "$work"/split/block-*; do
            cat "$block" "$block" | shuf --random-source=<(eight_random "$2 $i")
        done | awk -v i="$i" -v seed="$(($2 * 8 + i))" 'BEGIN {srand(seed)} {
            sub(/^{/, sprintf("{%*s", i, ""))
            gsub(/"(body|caption|emoji)":"/, "&" int(1 + rand() * 8) " ")
            print
        }' >"$work/p$i/$i.ndjson"
        ln "$work/p$i/$i.ndjson" "$work/whole/"
    done
}

# One of the eight: killed at each of these moments, then to its end.
eight_one() { # NTH MOMENT...
    local nth=$1 moment pid rows=$((400 + $1 * 150))
    shift
    for moment in "$@"; do
        "$coexsync" ingest "$work/p$nth" -v --batch-rows $rows >/dev/null 2>>"$work/eight/$nth.log" &
        pid=$!
        sleep "$moment"
        kill -9 $pid 2>/dev/null
        wait $pid 2>/dev/null
        [ $? -ne 137 ] || echo "$nth" >>"$work/eight/killed"
    done
    "$coexsync" ingest "$work/p$nth" -v --batch-rows $rows >"$work/eight/$nth.out" 2>>"$work/eight/$nth.log"
    echo $? >"$work/eight/$nth.rc"
}

# Distinct documents of what the eight were given; every file of whole and every line is one.
eight_documents() {
    awk 1 "$work"/p[0-8]/* | sort -u | wc -l
}

eight_run() {
    local name=$1 want=$2 kills=$3 nth moments pids=() start=$SECONDS bad='' log
    log=$(wc -l <"$eight_log")
    # seen at once, and so more of them
    sql "ALTER DATABASE $PGDATABASE SET deadlock_timeout = '100ms'"
    rm -rf "$work/eight"
    mkdir "$work/eight"
    : >"$work/eight/killed"
    for nth in 1 2 3 4 5 6 7 8; do
        moments=()
        while [ "$nth" -le 4 ] && [ ${#moments[@]} -lt "$kills" ]; do
            moments+=("$(awk -v r="$RANDOM" 'BEGIN {printf "%.2f", 0.1 + r / 32768 * 2.4}')")
        done
        eight_one "$nth" "${moments[@]}" &
        pids+=($!)
    done
    wait "${pids[@]}"
    for nth in 1 2 3 4 5 6 7 8; do
        [ "$(cat "$work/eight/$nth.rc")" = 0 ] ||
            bad="$bad [$nth: exit $(cat "$work/eight/$nth.rc"), $(tail -n 2 "$work/eight/$nth.log")]"
    done
    echo "    $name: $((SECONDS - start)) s, $(wc -l <"$work/eight/killed") kills hit," \
        "deadlocks at the server: $(eight_deadlocks), sent again: $(eight_retries)"
    same "$name: nobody sees an error" '' "$bad"
    [ "$kills" -eq 0 ] || check "$name: kills hit" test -s "$work/eight/killed"
    check "$name: deadlocks are rare" test "$(eight_deadlocks)" -le 8
    same "$name: no deadlock between locks of the merge" '' \
        "$(tail -n "+$((log + 1))" "$eight_log" | eight_lock_deadlocks)"
    same "$name: the digest of an import in order" "$want" "$(total)"
    same "$name: every message is there" "$eight_messages" \
        "$(sql 'SELECT count(*) FROM coexsync.message')"
    same "$name: and counted as inserted once" "$eight_messages" \
        "$(sql "SELECT sum((counts->>'inserted')::int) FROM coexsync.payload")"
    same "$name: every document is in the ledger once" "$(eight_documents)" \
        "$(sql 'SELECT count(*) FROM coexsync.payload')"
    check "$name: data without findings" "$coexsync" check --data
}
