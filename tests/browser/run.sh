#!/usr/bin/env bash
# The report's JSON against its schema, and its page in a browser (Debian's chromium): made of
# made-up deliveries with holes, conflicts and hostile names. The packages of package.json are
# installed below build/browser, the screenshots are build/browser/shots/*.png. What cannot be had
# is skipped with the reason.
. "$(dirname "$0")/../scenario/common.sh"
here=$root/build/browser
mkdir -p "$here/shots" "$work"/{in,out}
rm -f "$here"/shots/*

# ---- reports ------------------------------------------------------------------------------------

# shellcheck disable=SC2317 # check calls it
json() { # FORM [OPTION...]
    "$coexsync" report --json "${@:2}" >"$work/out/$1.json"
}

# report FORM [OPTION...]: the report in both forms
report() {
    local form=$1
    shift
    check "$form: JSON" json "$form" "$@"
    check "$form: page" "$coexsync" report --html "$work/out/$form.html" "$@"
}

fresh pages
check 'a delivery' "$coexsync" ingest "$root/fixtures/activation" --onboarded-at=2026-03-01T09:00:00Z
report delivery --as-of=2026-03-02T09:00:00Z
check 'its archive' "$coexsync" export -o "$work/a.tar" --as-of=2026-03-02T09:00:00Z
tar -xOf "$work/a.tar" --wildcards '*data/report.html' >"$work/out/archive.html"

# two chunks are lost, and whatever names somebody is hostile
name='<script>alert(1)</script>"&'"'"'<b>'
number=${name//\"/\\\"} # in JSON
fresh pages
replacement=${number//\\/\\\\} # in sed
replacement=${replacement//&/\\&}
for file in "$root"/fixtures/activation/*; do
    grep -qE '"chunk_order": ?"?(7|14)\b' "$file" || sed "s|109000000000001|$replacement|g" "$file" >"$work/in/${file##*/}"
done
for body in one two; do
    for wamid in '<img src=x onerror=alert(1)>' '\u202egpj.exe' '</td></table><h1>big' "$(printf '%0600d' 7)"; do
        printf '{"metadata":{"phone_number_id":"%s"},"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1772355600","type":"text","text":{"body":"%s"}}]}\n' \
            "$number" "$wamid" "$body"
    done
done >"$work/in/live.ndjson"
printf '{"metadata":{"phone_number_id":"%s"},"messages":[{"id":7},{"from":"1"}]}\n{"cut":"%s' "$number" "$number" >"$work/in/broken.json"
"$coexsync" ingest "$work/in" --onboarded-at=2026-03-01T09:00:00Z >"$work/ingest.log" 2>&1
same 'a hostile delivery' 3 $?
report hostile --account="$name" --as-of=2026-03-02T09:00:00Z
same 'its name and number are in the page as texts' 2 "$(grep -c '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;&#39;&lt;b&gt;' "$work/out/hostile.html")"
check 'of all accounts' json all
report redacted --redact --account="$name" --as-of=2026-03-02T09:00:00Z
same 'redacted: nothing of it is left' 0 "$(cat "$work"/out/redacted.* | grep -cE 'alert|gpj|big|0{20}')"

# nothing at all, but an onboarding; and several of them
fresh pages
printf '{"metadata":{"phone_number_id":"109"},"statuses":[]}\n' >"$work/in/empty.json"
check 'an empty delivery' "$coexsync" ingest "$work/in/empty.json"
report empty
check 'two onboardings' "$coexsync" ingest "$root/fixtures/activation" --onboarded-at=2026-03-01T09:00:00Z
check 'the other one' "$coexsync" ingest "$root/fixtures/activation" --onboarded-at=2025-12-24T09:00:00Z
report twice --account=109000000000001

# ---- tools --------------------------------------------------------------------------------------

skip() {
    echo "skip $1: $2"
    finish
}
for program in node npm; do
    command -v "$program" >/dev/null || skip 'schema and pages' "there is no $program"
done
cp "$root"/tests/browser/*.{mjs,json} "$here/"
if ! cmp -s "$here/package.json" "$here/node_modules/.package.json"; then
    rm -rf "$here/node_modules"
    (cd "$here" && timeout 180 npm install --no-audit --no-fund --ignore-scripts --no-package-lock \
        --fetch-retries=1) >"$here/npm.log" 2>&1 ||
        skip 'schema and pages' "npm cannot install them: $(grep -m 1 -iE 'err' "$here/npm.log")"
    cp "$here/package.json" "$here/node_modules/.package.json"
fi

# judge COMMAND...: its lines are tests
judge() {
    "$@" 2>"$work/judge.log" | tee "$work/judge.out"
    local status=${PIPESTATUS[0]}
    [ "$status" -eq 0 ] && return
    failures=$((failures + 1))
    grep -q '^not ok' "$work/judge.out" || { echo "not ok ${*:1:2}" && tail -n 5 "$work/judge.log"; }
}
judge node "$here/schema.mjs" "$root/docs/report.schema.json" "$work"/out/*.json
chromium=$(command -v chromium || command -v chromium-browser) || skip pages 'there is no chromium'
judge node "$here/pages.mjs" "$chromium" "$here/shots" "$work"/out/*.html
finish
