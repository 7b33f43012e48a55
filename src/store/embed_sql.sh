#!/bin/sh
# Writes OUT/sql_texts.{h,c}: every statement of sql/ as an enum and its bytes, every migration likewise.
# usage: embed_sql.sh OUT FILE...
set -eu
out=$1
shift

name_of() { basename "$1" .sql | tr 'a-z.-' 'A-Z__'; }
bytes_of() { od -An -v -tx1 "$1" | sed 's/\([0-9a-f][0-9a-f]\)/0x\1,/g'; }

{
    echo "/* Made by embed_sql.sh. */"
    echo "#ifndef GEN_SQL_TEXTS_H"
    echo "#define GEN_SQL_TEXTS_H"
    echo "#include <stddef.h>"
    echo "enum sql {"
    for file in "$@"; do
        case $file in sql/*) echo "SQL_$(name_of "$file")," ;; esac
    done
    echo "SQL_COUNT };"
    echo "extern const char *const sql_texts[];"
    echo "extern const char *const sql_names[];"
    echo "struct sql_migration { int version; const char *name; const char *up; const char *down; };"
    echo "extern const struct sql_migration sql_migrations[];"
    echo "extern const size_t sql_migration_count;"
    echo "#endif"
} >"$out/sql_texts.h"

{
    echo "/* Made by embed_sql.sh. */"
    echo '#include "sql_texts.h"'
    for file in "$@"; do
        echo "static const unsigned char text_$(name_of "$file")[] = {"
        bytes_of "$file"
        echo "0 };"
    done
    echo "const char *const sql_texts[] = {"
    for file in "$@"; do
        case $file in sql/*) echo "(const char *)text_$(name_of "$file")," ;; esac
    done
    echo "NULL };"
    echo "const char *const sql_names[] = {"
    for file in "$@"; do
        case $file in sql/*) echo "\"$(basename "$file" .sql)\"," ;; esac
    done
    echo "NULL };"
    echo "const struct sql_migration sql_migrations[] = {"
    count=0
    for file in "$@"; do
        case $file in migrations/*.up.sql)
            stem=$(basename "$file" .up.sql)
            version=${stem%%_*}
            upper=$(printf '%s' "$stem" | tr 'a-z.-' 'A-Z__')
            echo "{ $((1$version - 10000)), \"${stem#*_}\", (const char *)text_${upper}_UP," \
                "(const char *)text_${upper}_DOWN },"
            count=$((count + 1)) ;;
        esac
    done
    echo "};"
    echo "const size_t sql_migration_count = $count;"
} >"$out/sql_texts.c"
