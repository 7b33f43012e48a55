#!/bin/sh
# Writes OUT/sql_texts.{h,c}: every statement of sql/ as an enum and its bytes, every migration likewise.
# usage: embed_sql.sh OUT FILE...
set -eu
out=$1
shift

# The bytes of each behind its path, and a lone = where all could be read.
{
    for file in "$@"; do
        echo "= $file"
        od -An -v -tx1 "$file"
    done
    echo '='
} | awk -v header="$out/sql_texts.h" -v source="$out/sql_texts.c" '
function stem(path) {
    sub(/.*\//, "", path)
    sub(/\.sql$/, "", path)
    return path
}
function upper(name) {
    gsub(/[.-]/, "_", name)
    return toupper(name)
}
BEGIN {
    print "/* Made by embed_sql.sh. */\n#include \"sql_texts.h\"" >source
}
/^=/ && count > 0 { print "0 };" >source }
$1 == "=" && NF == 1 { is_whole = 1; next }
$1 == "=" {
    paths[++count] = $2
    print "static const unsigned char text_" upper(stem($2)) "[] = {" >source
    next
}
{
    gsub(/[0-9a-f][0-9a-f]/, "0x&,")
    print >source
}
END {
    for (i = 1; i <= count; i++) {
        name = stem(paths[i])
        if (paths[i] ~ /^sql\//) {
            ids = ids "SQL_" upper(name) ",\n"
            texts = texts "(const char *)text_" upper(name) ",\n"
            names = names "\"" name "\",\n"
        } else if (sub(/\.up$/, "", name)) {
            migrations = migrations "{ " name + 0 ", \"" substr(name, index(name, "_") + 1) \
                "\", (const char *)text_" upper(name) "_UP, (const char *)text_" upper(name) "_DOWN },\n"
            migration_count++
        }
    }
    print "/* Made by embed_sql.sh. */\n#ifndef GEN_SQL_TEXTS_H\n#define GEN_SQL_TEXTS_H\n" \
        "#include <stddef.h>\nenum sql {\n" ids "SQL_COUNT };\n" \
        "extern const char *const sql_texts[];\nextern const char *const sql_names[];\n" \
        "struct sql_migration { int version; const char *name; const char *up; const char *down; };\n" \
        "extern const struct sql_migration sql_migrations[];\n" \
        "extern const size_t sql_migration_count;\n#endif" >header
    print "const char *const sql_texts[] = {\n" texts "NULL };\n" \
        "const char *const sql_names[] = {\n" names "NULL };\n" \
        "const struct sql_migration sql_migrations[] = {\n" migrations "};\n" \
        "const size_t sql_migration_count = " migration_count + 0 ";" >source
    exit !is_whole
}'
