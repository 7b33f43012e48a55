#!/usr/bin/env bash
# What those who build and package it ask of the Makefile: their flags, their folders.
# shellcheck disable=SC2317  # a function that check calls
. "$(dirname "$0")/common.sh"
cd "$root" || exit 1
# compiled FLAGS...: a file of the house, with the compiler's flags and variables of who builds
compiled() { make -s -B B="$work/b" "$@" "$work/b/src/base/buf.o"; }
echo 'static int nobody_reads;' >"$work/warned.h"

check 'a level of fortification of their own' compiled CFLAGS='-O2 -D_FORTIFY_SOURCE=3'
check 'as CPPFLAGS' compiled CPPFLAGS='-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3'
check 'CPPFLAGS are heard' compiled CPPFLAGS='-Dbuf_init=buf_begin'
same 'and change what is built' 1 "$(nm "$work/b/src/base/buf.o" | grep -c ' T buf_begin$')"
# also where they are given WERROR= for the rest
check 'a warning is an error' env -u WERROR -u MAKEFLAGS bash -c "! make -s -B B='$work/b' CPPFLAGS='-include $work/warned.h' '$work/b/src/base/buf.o'"
check 'and stops nobody who says so' compiled WERROR= CPPFLAGS="-include $work/warned.h"

check 'make install' make -s install DESTDIR="$work/a folder" PREFIX=/usr
check 'the program runs from there' "$work/a folder/usr/bin/coexsync" version
check 'the man page is there' test -s "$work/a folder/usr/share/man/man1/coexsync.1"
check 'what is built is not built again' make -q all tools
finish
