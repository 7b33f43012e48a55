#!/usr/bin/env bash
# Mistakes of the operator are told before anything is done; names of any letters do no harm.
. "$(dirname "$0")/common.sh"
value() { # PHONE_NUMBER_ID WAMID
    printf '{"metadata":{"phone_number_id":"%s"},"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}\n' "$@"
}
value 109 A >"$work/one.json"
payloads() { sql 'SELECT count(*) FROM coexsync.payload'; }

# run -o: before anything starts
fresh line
exits 'run with a bad suffix' 64 'must end in \.tar' "$coexsync" run "$work/one.json" -o "$work/a.zip"
exits 'run into a folder that is not there' 73 'nowhere' "$coexsync" run "$work/one.json" -o "$work/nowhere/a.tar"
mkdir "$work/folder.tar"
exits 'run onto a folder' 73 'not a file' "$coexsync" run "$work/one.json" -o "$work/folder.tar"
exits 'run with one name for two' 64 'name one file' "$coexsync" run "$work/one.json" -o "$work/a.tar" --html "$work/a.tar"
for year in 9999-12-31T23:59:59-23:59 0000-01-01T00:00:00+01:00; do
    exits "a time out of all years: $year" 64 'no time of RFC 3339' "$coexsync" run "$work/one.json" --as-of "$year"
done
exits 'run with a bad predecessor' 64 'previous' "$coexsync" run "$work/one.json" -o "$work/a.tar" --previous=x
if [ "$(id -u)" -eq 0 ]; then
    exits 'run into a folder that cannot be written' 73 'cannot create' \
        setpriv --reuid=65534 --clear-groups "$coexsync" run "$work/one.json" -o /etc/a.tar
fi
exits 'nor a page' 73 'nowhere' "$coexsync" run "$work/one.json" --html "$work/nowhere/a.html"
exits 'nor onto a folder' 73 'folder.tar: it is a folder' "$coexsync" run "$work/one.json" --html "$work/folder.tar"
exits 'a predecessor, and no archive' 64 'previous goes with -o' "$coexsync" run "$work/one.json" --previous=none
exits 'a folder for files, and no token' 64 'no token' "$coexsync" run "$work/one.json" --media-dir "$work/files"
check 'nothing is made for it' test ! -e "$work/files"
echo token >"$work/token" && chmod 600 "$work/token"
exits 'a token that is not there' 66 'token-file: .*nowhere' \
    "$coexsync" run "$work/one.json" --media-dir "$work/files" --token-file "$work/nowhere"
exits 'a token that is a folder' 74 'token-file: .*Is a directory' "$coexsync" run "$work/one.json" --media-dir "$work/files" --token-file "$work"
exits 'a folder for files that cannot be made' 73 'nowhere/files' \
    "$coexsync" run "$work/one.json" --media-dir "$work/nowhere/files" --token-file "$work/token"
same 'nothing was imported' 0 "$(payloads)"

# closed streams: what is written to them does not get into what is opened next
fresh line
check 'closed standard error' sh -c "'$coexsync' ingest -v '$work/one.json' 2>&-"
same 'no harm is done' 1 "$(payloads)"
mkfifo "$work/pipe"
sh -c "exec '$coexsync' ingest - 2>&-" <"$work/pipe" >/dev/null &
pid=$!
exec 7>"$work/pipe"
begins $pid
same 'its number is nobody else'"'"'s' /dev/null "$(readlink "/proc/$pid/fd/2")"
exec 7>&-
wait "$pid"
for command in report digest version help; do
    sh -c "'$coexsync' $command >&-" 2>"$work/stderr"
    same "closed standard output: $command" 74 $?
    sh -c "'$coexsync' $command >/dev/full" 2>"$work/stderr"
    same "full standard output: $command" 74 $?
done
check 'closed standard input' sh -c "'$coexsync' ingest '$work/one.json' <&-"

# what names a database may hold a password
for text in 'postgres://u:S3cretPw@[::1/db' 'postgres://u:S3cret%zzPw@host/db' 'host=/tmp password=my S3cretPw' \
    "password='S3cretPw"; do
    exits 'a database that cannot be read' 64 'cannot be read' "$coexsync" digest -d "$text"
    check 'nothing of it is printed' sh -c "! grep -q S3cret '$work/stderr'"
done
# one that can be read is seen by others until it has been
fresh seen
limit() { sed -n 's/^Max core file size *\([^ ]*\).*/\1/p' "/proc/$1/limits"; }
# begun NAME WARNINGS COMMAND...: its words, its arguments and its limit, once its run has begun
begun() {
    (ulimit -S -c "$(ulimit -H -c)" && exec "${@:3}") <"$work/pipe" >/dev/null 2>"$work/stderr" &
    pid=$!
    exec 7>"$work/pipe"
    begins $pid
    same "$1: warnings" "$2" "$(grep -c 'dbname: others can see the password' "$work/stderr")"
    check "$1: is shown nowhere" sh -c "! tr '\0' ' ' <'/proc/$pid/cmdline' | cat - '$work/stderr' | grep -q S3cret"
    same "$1: leaves no core" 0 "$(limit $pid)"
    exec 7>&-
    wait "$pid"
}
begun 'a password in a text' 1 \
    "$coexsync" ingest - -d "host=$PGHOST dbname=$PGDATABASE password=S3cretPw"
begun 'a password in a URL' 1 \
    "$coexsync" ingest - --dbname="postgresql://:S3cretPw@/$PGDATABASE?host=$PGHOST"
begun 'a password that another one follows' 1 \
    "$coexsync" ingest - -d 'host=/nowhere password=S3cret1' -d "host=$PGHOST dbname=$PGDATABASE password=S3cret2"
begun 'a token' 0 env COEXSYNC_TOKEN=S3cret-0123456789 "$coexsync" ingest -
"$coexsync" digest -d "host=$PGHOST dbname=$PGDATABASE" >/dev/null 2>"$work/stderr"
same 'none is not told of' '' "$(cat "$work/stderr")"
exits 'a setting that is none' 64 'cannot be read' "$coexsync" digest -d 'nonsense=1'
exits 'a setting of no value' 78 'sslmode' "$coexsync" digest -d 'sslmode=bogus'
exits 'a service that there is not' 78 'service' "$coexsync" digest -d 'service=nosuch'
exits 'a port that is none' 78 'port' "$coexsync" digest -d 'port=99999'
if [ "$(id -u)" = 0 ]; then
    id=$(nameless_id)
    nameless=(setpriv --reuid="$id" --regid="$id" --clear-groups)
    exits 'a user id without a name' 78 "$id does not exist" "${nameless[@]}" env -u PGUSER "$coexsync" digest
    check 'the hint says where to give one' grep -q 'hint: .*PGUSER' "$work/stderr"
    check 'which helps' "${nameless[@]}" "$coexsync" digest
fi
exits 'a dry run makes no schema' 64 'migrate' "$coexsync" diff --migrate "$work/one.json"

# databases that cannot hold all letters
for encoding in LATIN1 SQL_ASCII; do
    psql -qXd postgres -c 'SET client_min_messages = error' -c 'DROP DATABASE IF EXISTS odd' \
        -c "CREATE DATABASE odd ENCODING $encoding LOCALE 'C' TEMPLATE template0"
    exits "a database in $encoding" 78 "$encoding" "$coexsync" ingest --migrate -d dbname=odd "$work/one.json"
    check 'the hint makes a better one' grep -q 'hint: createdb -E UTF8 -T template0' "$work/stderr"
done

# what names an account is printable and at most 200 bytes
fresh line
long=$(printf '%0200d' 7)
n=0
for name in 'a\nb' 'a\u009bb' "${long}8" '-' 'a\u202eb'; do
    n=$((n + 1))
    value "$name" "B$n" >"$work/odd$n.json"
done
value "$long" C >"$work/long.json"
value 'Zoë: 1 2' D >"$work/letters.json"
exits 'names that are none' 3 'odd1\.json' "$coexsync" ingest "$work"/{odd?,long,letters,one}.json
same 'the others are in' "$long:wamid.C 109:wamid.A Zoë: 1 2:wamid.D" \
    "$(sql "SELECT string_agg(a.name || ':' || m.wamid, ' ' ORDER BY a.name COLLATE \"C\") FROM coexsync.message m JOIN coexsync.account a USING (account_id)")"
same 'they are kept with the reason' '-:account_unusable:5 -:text' \
    "$(sql "SELECT string_agg(DISTINCT a.name || ':' || code || ':' || n, ' ') FROM (SELECT account_id, code, count(*) AS n FROM coexsync.reject GROUP BY 1, 2) AS r JOIN coexsync.account a USING (account_id)") $(
        sql "SELECT DISTINCT coalesce(a.phone_number_id, a.name) || ':text' FROM coexsync.account a WHERE account_id = 0")"
check 'the code has a remedy' sh -c "'$coexsync' help rejects | grep -A1 -q '^account_unusable'"
for name in "$long" 'Zoë: 1 2' 109; do
    check "an archive of ${name:0:9}" "$coexsync" export --account "$name" -o "$work/a.tar"
    check 'it is intact' "$coexsync" verify "$work/a.tar"
done
exits 'an account of a line feed' 64 'account' "$coexsync" ingest --account $'a\nb' "$work/one.json"
exits 'an account of 201 bytes' 64 'account' "$coexsync" ingest --account "${long}8" "$work/one.json"
exits 'an account of broken letters' 64 'account' "$coexsync" ingest --account $'a\xff' "$work/one.json"
check 'data without findings' "$coexsync" check --data

# lines for people
sql "UPDATE coexsync.account SET name = E'a\\nb\\033[2J', business_phone = '1' WHERE name = '109'"
sql "UPDATE coexsync.account SET business_phone = '1' WHERE name LIKE 'Zo%'"
sql "INSERT INTO coexsync.activation SELECT account_id, '2026-03-01T09:00:00.25Z' FROM coexsync.account WHERE name LIKE 'a%'"
same 'activation list, one line without controls' 'a b [2J  2026-03-01T09:00:00.25Z  0 payloads' "$("$coexsync" activation list)"
same 'status, no controls' 0 "$("$coexsync" status | tr -d '\n' | grep -c '[[:cntrl:]]')"
check 'status names the account' sh -c "'$coexsync' status | grep -q 'a b \[2J'"

# what activation list prints, activation drop takes
sql "UPDATE coexsync.account SET name = '109' WHERE name LIKE 'a%'"
sql "INSERT INTO coexsync.activation SELECT account_id, '2026-03-02T09:00:00.000001Z' FROM coexsync.account WHERE name = '109'"
sql "INSERT INTO coexsync.activation SELECT account_id, '2026-03-03T09:00:00Z' FROM coexsync.account WHERE name = '109'"
same 'whole seconds have no fraction' '2026-03-03T09:00:00Z' "$("$coexsync" activation list | tail -n 1 | awk '{print $2}')"
while read -r name time _; do
    check "drop $time" "$coexsync" activation drop "$time" --account "$name"
done < <("$coexsync" activation list)
same 'none is left' '' "$("$coexsync" activation list)"

# accounts that are not there
for command in digest status report replay 'replay --rebuild' 'media --list' 'activation list' \
    'activation drop 2026-03-01T09:00:00Z' "export -o $work/nobody.tar"; do
    # shellcheck disable=SC2086
    exits "$command of nobody" 66 'no account nobody|account nobody has' "$coexsync" $command --account nobody
    check "$command of nobody: and who there is" grep -q '^hint: coexsync .* shows' "$work/stderr"
done
exits 'a time that is none' 64 'yesterday is no time of RFC 3339' "$coexsync" activation drop yesterday --account 109
check 'and what one is' grep -q '^hint: .*2026-03-01T09:00:00Z' "$work/stderr"
check 'digest of an account' "$coexsync" digest --account 109

# options and arguments of another command are told before the database is asked
refuses() { # COMMAND PATTERN
    # shellcheck disable=SC2086
    exits "$1" 64 "$2" env PGHOST=/nowhere "$coexsync" $1
}
refuses "ingest $work/one.json -o $work/b.tar" 'output does not go with ingest'
check 'with what it goes' grep -qx 'hint: it goes with run, export' "$work/stderr"
refuses 'report --rebuild' 'rebuild does not go with report'
refuses '--rebuild report' 'rebuild does not go with report'
refuses 'digest --as-of=2026-03-01T09:00:00Z' 'as-of does not go with digest'
refuses "run $work/one.json --json" 'json does not go with run'
refuses 'migrate up --account=109' 'account does not go with migrate'
refuses "verify $work/a.tar --account=109" 'account does not go with verify'
for command in replay media report status digest "export -o $work/b.tar" check version; do
    refuses "$command 4711" "${command%% *} takes no argument: 4711"
done
refuses 'report --json --html /tmp/page.html' 'one of them'
refuses 'media --json' 'json goes with --list'
refuses 'verify -d dbname=x' 'dbname does not go with verify'
refuses 'version --embedded' 'embedded does not go with version'
refuses "inspect $work/one.json --migrate" 'migrate does not go with inspect'
refuses "diff $work/one.json --migrate" 'migrate does not go with diff'
refuses 'migrate sideways' 'migrate takes up, down'
refuses 'activation drop yesterday' 'no time'
refuses 'reject drop abc' 'no SHA-256'
refuses "export -o $work/a.zip" 'zip'
refuses 'report --html -' 'html: - is no name'
check 'what goes with all' "$coexsync" -q --log-format=text verify "$work/a.tar"
# --embedded takes its folder behind =, so one behind a space is a source
mkdir -p "$work/private/data" && echo 15 >"$work/private/data/PG_VERSION"
refuses "run $work/one.json --embedded $work/private" 'private/data: the data of a PostgreSQL server'
check 'with the remedy' grep -q '^hint: .*--embedded=DIR' "$work/stderr"
# a variable of the shell that is not set
(cd "$work" && mkdir here && cd here && exits 'no name of a folder' 64 'embedded: the value is empty' "$coexsync" status --embedded=)
# what only reads makes none; an import does
for command in status report digest check 'check --data' replay 'replay --rebuild' 'media --list' 'activation list' \
    'reject list' 'migrate status' 'migrate down' "export -o $work/none.tar" "media --token-file $work/token --media-dir $work/files"; do
    # shellcheck disable=SC2086
    exits "no database there: $command" 66 "there is no database in $work/mistyped/pg" "$coexsync" $command --embedded="$work/mistyped/pg"
    check 'the hint makes one' grep -q '^hint: .*coexsync run .*coexsync migrate up' "$work/stderr"
done
check 'no folder is made for it' test ! -e "$work/mistyped" -a ! -e "$work/none.tar"
mkdir "$work/home"
exits 'nor in the data folder' 66 "no database in $work/home/coexsync/pg" env XDG_DATA_HOME="$work/home" "$coexsync" status --embedded
same 'nothing is made there' '' "$(ls "$work/home")"
# of an ordinary user, who keeps it where the server's user cannot look
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$work/hidden/pg/data" && chmod 700 "$work/hidden" && echo 15 >"$work/hidden/pg/data/PG_VERSION"
    chown -R nobody "$work/hidden/pg"
    exits 'the data of another user, as root' 77 'hidden/pg: the database there belongs to user nobody' "$coexsync" status --embedded="$work/hidden/pg"
fi
same 'no server was made here' '' "$(ls "$work/here")"
exits 'no name of an account' 64 'account: the value is empty' "$coexsync" report --account ''
exits 'no name of a file' 64 'output: the value is empty' "$coexsync" export -o ''

# help tells what a command takes, and nothing else
options() { # COMMAND: those of its help
    "$coexsync" "$@" --help | sed -n 's/^  ... --\([a-z-]*\).*/\1/p' | sort
}
general=$(printf '%s\n' help log-format quiet verbose version)
same 'verify' "$general" "$(options verify)"
same 'check' "$(printf '%s\n' "$general" account data dbname embedded migrate graph graph-url media-host provider timeout token-file | sort)" "$(options check)"
same 'all options go with a command' "$("$coexsync" --help | sed -n '/^options:/,$s/^  ... --\([a-z-]*\).*/\1/p' | sort)" \
    "$("$coexsync" --help | sed -n '/^commands:/,/^options:/s/^  \([a-z]*\) .*/\1/p' | while read -r command; do options "$command"; done | sort -u)"
# help, man page and README tell of the same
same 'options of the man page' "$("$coexsync" --help | sed -n '/^options:/,$s/^  ... --\([a-z-]*\).*/\1/p' | sort)" \
    "$(sed -nE 's/^\.It (Fl . , )?Fl -([a-z-]+).*/\2/p' "$root/docs/coexsync.1" | sort)"
codes=$("$coexsync" help exit | awk '{print $1}')
same 'exit codes of the man page' "$codes" \
    "$(sed -nE '/^\.Sh EXIT/,/^\.Pp/s/^\.It ([0-9]+)$/\1/p' "$root/docs/coexsync.1")"
same 'exit codes of README' "$codes" \
    "$(sed -n '/^## Exit/,/^## Pg/p' "$root/README.md" | grep -oE '^\| [0-9, ]+' | grep -oE '[0-9]+')"
check 'what to do for want of memory' sh -c "'$coexsync' help exit | grep -q '^  74 .*out of memory .*--batch-rows'"
same 'a value that may be left out' 1 "$("$coexsync" help | grep -cF -- '--embedded[=DIR] ')"

# help
for words in --help -h 'ingest --help' '-h ingest' 'report -h' --version 'ingest --version'; do
    # shellcheck disable=SC2086
    check "$words" "$coexsync" $words
done
check 'help of all' sh -c "'$coexsync' --help | grep -q '^commands:'"
check 'help of a command' sh -c "'$coexsync' ingest --help | grep -q '^coexsync ingest SOURCE'"
same 'the version' "$("$coexsync" version)" "$("$coexsync" --version)"
same 'nothing but help' '' "$("$coexsync" --help 2>&1 >/dev/null)"
exits 'help of no command' 64 'no command eat' "$coexsync" eat --help
finish
