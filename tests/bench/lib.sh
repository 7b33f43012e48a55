#!/usr/bin/env bash
# What the benchmarks share, behind tests/scenario/common.sh.

# field NAME FILE: a number out of the line of tools/measure.
field() { awk -v n="$1" '{for (i = 1; i < NF; i++) if ($i == n) print $(i + 1)}' "$2"; }

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

# CPU of the server since it started, in ms: of those that live, and of those that have ended.
# A backend counts as soon as it is gone.
server_cpu_ms() {
    local main
    main=$(head -n 1 "$PGHOST/data/postmaster.pid")
    { echo "$main"; pgrep -P "$main"; } | sed 's|.*|/proc/&/stat|' | xargs cat 2>/dev/null |
        awk -v hz="$(getconf CLK_TCK)" '{sub(/.*\) /, ""); ticks += $12 + $13 + $14 + $15}
            END {printf "%d\n", ticks * 1000 / hz}'
}
