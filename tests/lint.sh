#!/usr/bin/env bash
# The rules of the house, as far as a machine can tell: `file:line: what` for each breach, exit 1 if
# there is one. Needs the tools of `make deps`; statements are prepared on a server of its own, or
# on the one of PGTEST_HOST. B=DIR: where objects are built.
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
B=${B:-build/release}
work=$(mktemp -d /tmp/coexsync-lint.XXXXXX)
trap 'rm -rf "$work"' EXIT
findings=$work/findings

if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -co --exclude-standard
else
    find . -path ./build -prune -o -type f -printf '%P\n'
fi | sort | while IFS= read -r file; do [ -f "$file" ] && printf '%s\n' "$file"; done >"$work/files"

# list REGEX: the files of the project whose name matches
list() {
    grep -E "$1" "$work/files"
}
mapfile -t c_files < <(list '^(src|tests)/.*\.[ch]$')
mapfile -t src_files < <(list '^src/.*\.[ch]$')
mapfile -t src_objects < <(list '^src/.*\.c$' | sed 's/c$/o/')
mapfile -t shell_files < <(list '\.sh$|^\.ci/run$')
mapfile -t sql_files < <(list '^sql/[^/]*\.sql$')

# ---- C text ------------------------------------------------------------------------------------

# Lengths, parameters and banned calls; comments and literals do not count as calls.
lint_text() {
    awk -v exits="$1" -f - "${@:2}" <<'AWK'
function say(line, what) { print FILENAME ":" line ": " what }
# the line without comments and without the inside of literals
function strip(s,    out, i, c, two, quote) {
    if (!in_comment && s !~ /["'\/]/) return s
    quote = ""
    for (i = 1; i <= length(s); i++) {
        c = substr(s, i, 1)
        two = substr(s, i, 2)
        if (in_comment) {
            if (two == "*/") { in_comment = 0; i++ }
        } else if (quote != "") {
            if (c == "\\") i++
            else if (c == quote) { quote = ""; out = out c }
        } else if (two == "/*") { in_comment = 1; i++ }
        else if (two == "//") break
        else {
            if (c == "\"" || c == "'") quote = c
            out = out c
        }
    }
    return out
}
function calls(s, name) { return s ~ ("(^|[^A-Za-z0-9_.>])" name "[ \t]*\\(") }
function parameters(s,    i, c, depth, n) {
    sub(/^[^(]*\(/, "", s)
    sub(/\)[^)]*$/, "", s)
    if (s ~ /^[ \t]*(void)?[ \t]*$/) return 0
    n = 1
    for (i = 1; i <= length(s); i++) {
        c = substr(s, i, 1)
        if (c == "(") depth++
        else if (c == ")") depth--
        else if (c == "," && depth == 0) n++
    }
    return n
}
function end_file() {
    if (lines > 600) print file ":" lines ": the file has more than 600 lines"
}
BEGIN {
    split("strcpy strcat sprintf vsprintf strtok atoi atol gets alloca system popen", banned, " ")
}
FNR == 1 { end_file(); file = FILENAME; in_comment = 0; signature = ""; body = 0 }
{
    lines = FNR
    line = strip($0)
    for (i in banned)
        if (calls(line, banned[i])) say(FNR, banned[i] " is banned")
    if (exits && FILENAME !~ /^src\/cli\// && calls(line, "(exit|quick_exit)"))
        say(FNR, "exit below cli")
    if (exits && FILENAME !~ /^src\/(server\/|base\/memory\.c)/ && calls(line, "(_exit|_Exit)"))
        say(FNR, "_exit outside the forked children of server")
    if (exits && calls(line, "abort"))
        say(FNR, "abort: base/memory.h ends the process for want of memory")
    if (exits && FILENAME != "src/base/memory.c" && calls(line, "(malloc|calloc|realloc)"))
        say(FNR, "an allocation beside base/memory.h")

    if (line ~ /^[A-Za-z_][A-Za-z0-9_]*\(/) { signature = ""; start = FNR; is_open = 1 }
    if (is_open) {
        signature = signature " " line
        if (line ~ /[;{]$/ || line ~ /\)$/) is_open = 0
    }
    if (line ~ /^{/) {
        body = FNR
        # what libmicrohttpd calls has eight, and what stands in for a function of libpq its own
        if (parameters(signature) > 5 && signature !~ /struct MHD_Connection|PGconn/) say(start, "more than 5 parameters")
    } else if (line ~ /^}/ && body > 0) {
        if (FNR - body - 1 > 60) say(start, "a body of " FNR - body - 1 " lines, more than 60")
        body = 0
    }
}
END { end_file() }
AWK
}

# Who includes whom, and which foreign headers.
lint_includes() {
    awk -f - "${src_files[@]}" <<'AWK'
function say(what) { print FILENAME ":" FNR ": " what }
BEGIN {
    split("json-c decode|libpq store|pgtypes store|libpq-fe store|curl graph|archive bundle,source|" \
        "archive_entry bundle,source|zlib bundle,source|openssl base|libsmartcols report", entries, "|")
    for (i in entries) {
        split(entries[i], entry, " ")
        home[entry[1]] = "," entry[2] ","
    }
}
FNR == 1 { split(FILENAME, path, "/"); room = path[2] }
/^#[ \t]*include[ \t]*</ {
    name = $0
    sub(/^[^<]*</, "", name)
    sub(/[>\/].*/, "", name)
    sub(/\.h$/, "", name)
    if (name in home && index(home[name], "," room ",") == 0)
        say("<" name "> belongs to " substr(home[name], 2, length(home[name]) - 2))
}
/^#[ \t]*include[ \t]*"/ {
    name = $0
    sub(/^[^"]*"/, "", name)
    sub(/".*/, "", name)
    if (name == "sql_texts.h") {
        if (room != "store") say("statements belong to store")
        next
    }
    other = name
    if (sub(/\/.*/, "", other) == 0) { say("include \"room/file.h\""); next }
    if (other == room || other == "base" || other == "model") next
    if (other == "rules" && room != "base" && room != "model") next
    if (room == "pipeline" && other != "cli") next
    if (room == "cli" && other == "pipeline") next
    say(room " may not include " other)
}
AWK
}

# The form is what clang-format 14 makes of it (that of Debian 12): later ones break some macros otherwise.
lint_form() {
    local version
    version=$(clang-format --version 2>&1)
    if [[ $version != *' version 14.'* ]]; then
        echo "skip the form of C: clang-format 14 decides it, and here is: $version" >&3
        return
    fi
    clang-format --dry-run --Werror "${c_files[@]}" 2>&1 |
        sed -nE 's/^([^:]*:[0-9]+):[0-9]+: error: .*/\1: clang-format would change it/p' | uniq
}

# ---- objects -----------------------------------------------------------------------------------

# place FILE NAME: file:line where an object or a function is defined
place() {
    local line
    line=$(grep -nE "^([a-z].*[ *])?$2(\(|\[| =|;|$)|^[[:space:]]+static .*\b$2\b" "$1" |
        head -n 1 | cut -d: -f1)
    printf '%s:%s' "$1" "${line:-1}"
}

# The names that a room may export begin with its own or with that of one of its files.
prefixes() {
    local stem
    printf '%s\n' "$1"
    for stem in $(list "^src/$1/[^/]*\.[ch]\$" | sed 's|.*/||; s/\.[ch]$//'); do
        printf '%s\n%s\n' "$stem" "${stem%s}"
    done
}

# Objects that are as new as their file; says so of the others.
compiled_objects() {
    local object file
    for object in "${src_objects[@]}"; do
        file=${object%.o}.c
        if [ -f "$B/$object" ] && ! [ "$file" -nt "$B/$object" ]; then
            echo "$object" >&4
        else
            echo "$(grep -oE "^$file:[0-9]+" "$work/make.log" | head -n 1 | grep . ||
                echo "$file:1"): does not compile"
        fi
    done 4>"$work/objects"
}

# `src/room/file.c name` of what objects export
exported_names() {
    (cd "$B" && xargs nm --defined-only -gA) <"$work/objects" | sed -E 's|\.o:| |' |
        awk '$4 !~ /\./ {print $1 ".c", $4}'
}

# `src/room/file.c name` of objects in writable sections
mutable_names() {
    (cd "$B" && xargs objdump -t) <"$work/objects" | awk '
        /file format/ {file = $1; sub(/\.o:$/, ".c", file)}
        $3 == "O" || $4 == "O" {section = $(NF - 2)
            if (section ~ /^\.(data|bss|tdata|tbss)/ && section !~ /^\.data\.rel\.ro/) print file, $NF}'
}

lint_objects() {
    local file room name
    local -A allowed
    compiled_objects
    for room in $(cut -d/ -f2 "$work/objects" | uniq); do
        allowed[$room]="^(main|($(prefixes "$room" | paste -sd '|'))(_.*)?)\$"
    done
    while read -r file name; do
        room=${file#src/}
        [[ $name =~ ${allowed[${room%%/*}]} ]] ||
            echo "$(place "$file" "$name"): $name is exported without a prefix of ${room%%/*}"
    done < <(exported_names)
    while read -r file name; do
        # those that there may be: the log's settings, the signal's flag, what libcrypto looked up
        case $file:$name in
        src/base/log.c:current | src/base/sha256.c:algorithm*) continue ;;
        src/pipeline/*:* | src/cli/*:*)
            grep -qE "atomic_int $name\b" "$file" && continue ;;
        esac
        echo "$(place "$file" "${name%%.*}"): ${name%%.*} is a mutable global"
    done < <(mutable_names)
}

# ---- statements --------------------------------------------------------------------------------

# The relations of a template as `name|columns|key`, out of the table in store.
relations() {
    awk '/^static const struct relation_info/ {on = 1; next} on && /^};/ {exit} on {printf "%s", $0}' \
        src/store/relations.c | sed 's/\[REL_/\n[REL_/g' | grep '^\[REL_' | sed -E \
        's/"[ \t]+"//g; s/^[^"]*"([^"]*)",[ \t]*"([^"]*)",[ \t]*"([^"]*)".*/\1|\2|\3/'
}

# fill FILE NAME COLUMNS KEY: the template's text
fill() {
    local text
    text=$(<"$1")
    text=${text//'{relation}'/$2}
    text=${text//'{columns}'/$3}
    text=${text//'{query}'/SELECT 1}
    printf '%s\n' "${text//'{key}'/$4}"
}

# need NAME: the statement that makes the temp table or the schema which another one needs
need() {
    local file=sql/create_$1.sql row name columns key
    case $1 in
    stage_*)
        row=$(grep "^${1#stage_}|" "$work/relations")
        IFS='|' read -r name columns key <<<"$row"
        fill sql/create_stage.sql "$name" "$columns" "$key" ;;
    *)
        [ -f "$file" ] || file=sql/create_${1%_*}.sql
        fill "$file" '' '' '' ;;
    esac
    echo ';'
}

# put FILE TEXT [RELATION]: into what is to be tried, in a transaction that is rolled back.
# In bash's own words, for there are hundreds.
put() {
    local file=$1 text=$2 script=$work/try/${1##*/}${3:+.$3} line bare='' needs='' parts unquoted='' i
    while IFS= read -r line; do
        [[ $line != '-- needs:'* ]] || needs+=" ${line#-- needs:}"
        bare+=" ${line%%--*}"
    done <<<"$text"
    mapfile -td \' parts <<<"$bare"
    for ((i = 0; i < ${#parts[@]}; i += 2)); do unquoted+=${parts[i]}; done
    if [[ $unquoted =~ \;[[:space:]]*[^[:space:]] ]]; then
        echo "$file:1: more than one statement"
        return
    fi
    case $file in */copy_stage.sql | */clear_stage.sql | */index_stage.sql | */insert.sql)
        [[ $bare =~ pg_temp\.(stage_[a-z_]+) ]] && needs+=" ${BASH_REMATCH[1]}" ;;
    esac
    {
        echo 'BEGIN;'
        for line in $needs; do need "$line"; done
        if [[ $bare =~ ^\ +(SELECT|INSERT|UPDATE|DELETE|WITH|VALUES)[[:space:]] ]]; then
            printf 'PREPARE x AS %s\n;\n' "$text"
        elif [[ $bare =~ ^\ +COPY\ +([a-z_.]+)\ *\(([^\)]*)\) ]]; then
            # cannot be prepared: are its table and columns there?
            echo "SELECT ${BASH_REMATCH[2]} FROM ${BASH_REMATCH[1]} LIMIT 0;"
        else
            printf '%s\n;\n' "$text"
        fi
    } >"$script"
    printf '%s\n' "\\echo >>> $file ${3:-}" "\\i $script" 'ROLLBACK; DEALLOCATE ALL;' >>"$work/try.sql"
}

# Does the server take them? The first error of each.
try() {
    PGOPTIONS='-c client_min_messages=error' psql -qXAt -v VERBOSITY=default -f "$work/try.sql" 2>&1 | awk '
        function say() {
            if (error != "") print file ":" line ": " error (relation == "" ? "" : " (of " relation ")")
        }
        $1 == ">>>" {say(); file = $2; relation = $3; error = ""; line = 1; next}
        error == "" && match($0, /(ERROR|FATAL): +/) {error = substr($0, RSTART + RLENGTH); is_next = 1; next}
        is_next && match($0, /^LINE [0-9]+:/) {line = substr($0, 6, RLENGTH - 6)}
        {is_next = 0}
        $1 == "tried" {is_whole = 1}
        END {say(); if (!is_whole) print "tests/lint.sh:1: the server did not try all statements"}'
}

lint_statements() {
    local file name columns key
    # shellcheck source=tests/tools/cluster.sh
    . tests/tools/cluster.sh
    cluster_start || { echo "tests/lint.sh:1: no server to prepare statements on"; return; }
    cluster_database coexsync_lint
    for file in sql/create_schema.sql sql/create_schema_migration.sql $(list '^migrations/.*\.up\.sql$'); do
        psql -qX -v ON_ERROR_STOP=1 -1 -f "$file" >"$work/try.log" 2>&1 && continue
        sed -nE "s|^psql:[^:]*:([0-9]+): (ERROR.*)|$file:\1: \2|p" "$work/try.log"
        grep -q ERROR "$work/try.log" || echo "$file:1: $(head -n 1 "$work/try.log")"
    done
    relations >"$work/relations"
    [ -s "$work/relations" ] || echo "src/store/relations.c:1: tests/lint.sh finds no relation in it"
    mkdir "$work/try"
    for file in "${sql_files[@]}"; do
        if ! grep -q '^-- template:' "$file"; then
            put "$file" "$(<"$file")"
            continue
        fi
        while IFS='|' read -r name columns key; do
            put "$file" "$(fill "$file" "$name" "$columns" "$key")" "$name"
        done <"$work/relations"
    done
    printf '\\echo tried\n' >>"$work/try.sql"
    try
    PGDATABASE=postgres psql -qXc 'DROP DATABASE coexsync_lint WITH (FORCE)'
    cluster_stop
}

# A migration that goes up comes down again, by the same name.
lint_migrations() {
    local file
    for file in $(list '^migrations/.*\.up\.sql$'); do
        [ -f "${file%.up.sql}.down.sql" ] || echo "$file:1: there is no ${file%.up.sql}.down.sql"
    done
}

# ---- payloads ----------------------------------------------------------------------------------

# docs/PAYLOADS.md and the fixtures of decode name each other: a row at least one, one at least a row.
lint_payloads() {
    local fixture
    awk -v file=docs/PAYLOADS.md '
        /^\|/ && !/^\|-/ && !/\| fixtures \|$/ {
            n = split($0, cells, "|")
            if (cells[n - 1] !~ /decode-/) print file ":" FNR ": the row names no fixture"
            count = split(cells[n - 1], names, /[ ,]+/)
            for (i = 1; i <= count; i++) if (names[i] != "") {
                path = "fixtures/" names[i] "/rows.txt"
                if ((getline line < path) < 0) print file ":" FNR ": there is no " path
                close(path)
            }
        }' docs/PAYLOADS.md
    for fixture in fixtures/decode-*/; do
        fixture=$(basename "$fixture")
        grep -qE "^\|.*[| ,]$fixture( \||,)" docs/PAYLOADS.md ||
            echo "fixtures/$fixture/payload.json:1: no row of docs/PAYLOADS.md names it"
    done
}

# ---- all of it ---------------------------------------------------------------------------------

exec 3>&1
{
    lint_text 1 "${src_files[@]}"
    mapfile -t test_files < <(list '^tests/.*\.[ch]$')
    [ ${#test_files[@]} -eq 0 ] || lint_text '' "${test_files[@]}"
    lint_includes
    grep -nwE 'TODO|FIXME|XXX' "${src_files[@]}" | sed -E 's/^([^:]*:[0-9]*):.*/\1: left undone/'
    # paths of the machine that it was written on
    tr '\n' '\0' <"$work/files" | xargs -0 grep -InE '(^|[^A-Za-z0-9_.*}])/(work|root|home)/' |
        sed -E 's/^([^:]*:[0-9]*):.*/\1: a path of one machine/'
    lint_form
    # SC2329: what newer ones say of functions, beside the SC2317 that files answer
    shellcheck -x -e SC2329 -P SCRIPTDIR -f gcc "${shell_files[@]}" | sed -E 's/^([^:]*:[0-9]+):[0-9]+:/\1:/'
    make -s -k --no-print-directory B="$B" "${src_objects[@]/#/$B/}" >"$work/make.log" 2>&1
    lint_objects
    lint_migrations
    lint_payloads
    # in a subshell: cluster_start sets a trap of its own
    (trap - EXIT; lint_statements)
} >"$findings"

cat "$findings"
[ ! -s "$findings" ]
