#!/usr/bin/env bash
# The sync is asked for once, within 24 hours of onboarding; what nobody knows is not asked again.
. "$(dirname "$0")/common.sh"
. "$root/tests/tools/fakegraph.sh"
export COEXSYNC_TOKEN=canary-$$-0123456789
graph_start --size 0
phone=109000000000001
request() {
    "$coexsync" request "$1" --graph-url "$graph" --account "$phone" --onboarded-at="$now" "${@:2}"
}
# how often it was sent
sent() { grep -c 'POST .*smb_app_data' "$graph_log"; }
row() { sql "SELECT (${1}_requested_at IS NOT NULL)::text || ' ' || coalesce(${1}_request_id, '-') FROM coexsync.activation"; }

fresh request
check 'contacts are requested' request contacts
check 'history is requested' request history
same 'with token, at the right place' "POST /v23.0/$phone/smb_app_data host=127.0.0.1:$graph_port token=right" "$(sort -u "$graph_log")"
same 'both are written down' 'true req-1 true req-1' "$(row contacts) $(row history)"
exits 'a second time' 77 'history was requested at .* already \(request id req-1\)' request history
exits 'contacts a second time' 77 'contacts was requested' request contacts
exits 'an onboarding that is dropped takes that along, and says so' 0 'contacts and history were requested under this time' \
    "$coexsync" activation drop "$now"
sql "INSERT INTO coexsync.activation SELECT account_id, '$now' FROM coexsync.account WHERE account_id > 0"
same 'one under which nothing was requested says nothing' '' "$("$coexsync" activation drop "$now" 2>&1)"
same 'nothing more was sent' 2 "$(sent)"
check 'another onboarding' "$coexsync" request history --graph-url "$graph" --account "$phone" --onboarded-at="$(date -u -d '-3 hours' +%Y-%m-%dT%H:%M:%SZ)"
same 'the report of an account without payloads' "account         $phone" "$("$coexsync" report | grep -o 'account  .*')"

# what the API refuses may be tried again; each code has its words
for row in '2593107 77 requested before' '2593108 77 24 hours' '190 77 expired' '131005 77 permission' '130429 75 calls' '4 75 calls'; do
    read -r code exit words <<<"$row"
    fresh request
    echo "sync code$code" >"$graph_control"
    exits "code $code" "$exit" "$code: .*$words" request history
    same "code $code: the request is open again" 'false -' "$(row history)"
    : >"$graph_control"
    check "code $code: and can be made" request history
done
fresh request
echo 'sync noid' >"$graph_control"
check 'accepted without an id' request history
same 'is written as that' 'true -' "$(row history)"
exits 'and not sent again' 77 'already' request history

fresh request
echo 'sync escape' >"$graph_control"
check 'accepted with an id that would clear the screen' request history
same 'which it does not' 'true req [2J1' "$(row history)"
for status in 301 307 308; do
    fresh request
    echo "sync http$status" >"$graph_control"
    exits "$status: asked at the wrong place" 78 'the API is elsewhere' request history
    same "$status: nothing was requested" 'false -' "$(row history)"
done

# the database goes away while the API is asked: the outcome is written all the same
fresh request
echo 'sync slow' >"$graph_control"
: >"$graph_log"
request history >"$work/stdout" 2>"$work/stderr" &
pid=$!
there "$graph_log" $pid
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()" >/dev/null
wait $pid
same 'the connection goes' 0 $?
same 'what the API said is written down' 'true req-1' "$(row history)"
# or before: the intention is written, but the answer to that does not come
fresh request
: >"$graph_control"
: >"$graph_log"
mkdir "$work/proxy"
"$tools/cutproxy" "$work/proxy" "$PGHOST" --cut-after-any-commit 3 --count "$work/cuts" &
proxy=$!
until [ -S "$work/proxy/.s.PGSQL.5432" ] || ! kill -0 $proxy; do sleep 0.05; done
PGHOST=$work/proxy psql -qX -c BEGIN -c COMMIT
PGHOST=$work/proxy request history >"$work/stdout" 2>"$work/stderr"
same 'the answer of the COMMIT goes' 0 $?
same 'it did' 1 "$(cat "$work/cuts")"
same 'it is sent' 1 "$(sent)"
same 'and written down' 'true req-1' "$(row history)"
kill $proxy
wait $proxy 2>/dev/null

# no answer, half an answer, a server that failed, an answer without sense: nobody knows
for fault in silent cut stalled http408 http500 http502 garbage html code131000 code1; do
    fresh request
    echo "sync $fault" >"$graph_control"
    : >"$graph_log"
    exits "$fault" 76 'unknown' request history --timeout 1
    check "$fault: how to find out" grep -q 'hint: .*coexsync report' "$work/stderr"
    : >"$graph_control"
    exits "$fault: is not sent again" 76 'whether it was accepted is unknown; it is not sent again' request history
    same "$fault: was sent once" 1 "$(sent)"
done

# killed between sending and the answer
fresh request
echo 'sync silent' >"$graph_control"
: >"$graph_log"
"$coexsync" request history --graph-url "$graph" --account "$phone" --onboarded-at="$now" >/dev/null 2>&1 &
pid=$!
there "$graph_log" $pid
kill -9 $pid
wait $pid 2>/dev/null
: >"$graph_control"
exits 'killed: is not sent again' 76 'unknown' request history
same 'killed: was sent once' 1 "$(sent)"
# two at once
fresh request
: >"$graph_log"
pids=()
for n in 1 2 3 4; do
    request history >"$work/out.$n" 2>&1 &
    pids+=($!)
done
for pid in "${pids[@]}"; do
    wait "$pid"
    echo $?
done >"$work/codes"
same 'of four at once one sends it' '1 of 1' "$(grep -cx 0 "$work/codes") of $(sent)"

# what never left may be sent
fresh request
exits 'nobody there' 69 'no answer' "$coexsync" request history --graph-url http://127.0.0.1:1 --account "$phone" --onboarded-at="$now"
check 'is open again' request history
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -days 1 -keyout "$work/key" -out "$work/cert" 2>/dev/null
"$tools/fakegraph" --port-file "$work/tls.port" --log "$work/tls.log" --cert "$work/cert" --key "$work/key" &
there "$work/tls.port" $!
fresh request
exits 'a certificate of nobody' 69 'certificate' "$coexsync" request history --graph-url "https://127.0.0.1:$(cat "$work/tls.port")" --account "$phone" --onboarded-at="$now"
check 'got no request' test ! -s "$work/tls.log"

# too late, too early, not said
late=$(date -u -d '-86405 seconds' +%Y-%m-%dT%H:%M:%SZ)
: >"$graph_log"
exits 'after 24 hours' 77 'the 24 hours after onboarding are over' "$coexsync" request history --graph-url "$graph" --account "$phone" --onboarded-at="$late"
exits 'in the future' 64 'future' "$coexsync" request history --graph-url "$graph" --account "$phone" --onboarded-at=2100-01-01T00:00:00Z
exits 'without time' 64 'onboarded-at' "$coexsync" request history --graph-url "$graph" --account "$phone"
exits 'without account' 64 'account' "$coexsync" request history --graph-url "$graph" --onboarded-at="$now"
exits 'of something else' 64 'history. or .contacts' "$coexsync" request everything
exits 'of an account nobody knows' 66 'no account' "$coexsync" request history --graph-url "$graph" --account +15550000001 --onboarded-at="$now"
exits 'without token' 64 'token' env -u COEXSYNC_TOKEN "$coexsync" request history --account "$phone" --onboarded-at="$now"
same 'nothing was sent' 0 "$(sent)"

# the token's rights, and the number
fresh request
announce c1
check 'check --graph' "$coexsync" check --graph --graph-url "$graph"
echo 'permissions few' >"$graph_control"
exits 'a right is missing' 77 'missing' "$coexsync" check --graph --graph-url "$graph"
check 'it is named' grep -q 'whatsapp_business_management: MISSING' "$work/stdout"
echo 'fields noapp' >"$graph_control"
exits 'not in coexistence' 77 'missing' "$coexsync" check --graph --graph-url "$graph"
check 'the platform is said' grep -q 'NOT on the Business app, platform ON_PREMISE' "$work/stdout"
echo 'permissions code190' >"$graph_control"
exits 'a token that is over' 77 'the token: the Graph API says 190' "$coexsync" check --graph --graph-url "$graph"
check 'what to do about it' grep -q 'hint: make a new one that may do whatsapp_business_management' "$work/stderr"
echo 'permissions code368' >"$graph_control"
exits 'an account that is blocked' 77 'the token: the Graph API says 368' "$coexsync" check --graph --graph-url "$graph"
same 'no new token helps' '' "$(grep hint: "$work/stderr")"
echo 'fields code100' >"$graph_control"
exits 'a number that it does not show is named' 77 "number $phone: the Graph API says 100" "$coexsync" check --graph --graph-url "$graph"
echo 'permissions code100' >"$graph_control"
check 'rights that cannot be asked for' "$coexsync" check --graph --graph-url "$graph"
for what in permissions fields; do
    echo "$what html" >"$graph_control"
    exits "$what: a page of somebody else" 76 'none of the Graph API' "$coexsync" check --graph --graph-url "$graph"
    check 'nothing is said of it' sh -c "! grep -qE 'does not list|NOT on' '$work/stdout'"
done
printf '%s\n' "$COEXSYNC_TOKEN" >"$work/token"
: >"$graph_control"
check 'a token out of a file' env -u COEXSYNC_TOKEN "$coexsync" check --graph --graph-url "$graph" --token-file "$work/token"
chmod 644 "$work/token"
exits 'a token that others may read' 0 'token may be read by others' env -u COEXSYNC_TOKEN "$coexsync" check --graph --graph-url "$graph" --token-file "$work/token"
printf '%s\r\n' "$COEXSYNC_TOKEN" >"$work/token"
check 'with the end of line of another system' env -u COEXSYNC_TOKEN "$coexsync" check --graph --graph-url "$graph" --token-file "$work/token"
printf '%s\0behind\n' "$COEXSYNC_TOKEN" >"$work/token"
exits 'with something behind a NUL' 64 'no text file' env -u COEXSYNC_TOKEN "$coexsync" check --graph --graph-url "$graph" --token-file "$work/token"
printf '\n%s\n' "$COEXSYNC_TOKEN" >"$work/token"
exits 'behind an empty line' 64 'is empty' env -u COEXSYNC_TOKEN "$coexsync" check --graph --graph-url "$graph" --token-file "$work/token"
exits 'of a file that is not there' 66 'nowhere' env -u COEXSYNC_TOKEN "$coexsync" check --graph --graph-url "$graph" --token-file "$work/nowhere"
rm "$work/token"
every_row request >"$work/dump.sql"
same 'the token is nowhere' '' "$(grep -rlF canary- "$work" --exclude=coexsync --exclude=check.log)"
finish
