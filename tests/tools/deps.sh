#!/bin/sh
# deps.sh [PACKAGE...]: installs what is missing to build and test on Debian, and what is named;
# says what it does; with sudo when not root.
set -eu
packages="gcc clang libc6-dev pkg-config libjson-c-dev libpq-dev libcurl4-openssl-dev libarchive-dev
zlib1g-dev libzstd-dev libssl-dev openssl libcmocka-dev postgresql pgbouncer
clang-format shellcheck mandoc util-linux iproute2 procps curl zip zstd libclang-rt-dev
libmicrohttpd-dev $*"

missing=
for package in $packages; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "make deps: this is no Debian; install the likes of:$missing" >&2
    exit 1
fi
as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo
echo "make deps: installing with apt-get:$missing"
# The server is started by the tests themselves, in a folder of their own.
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get -qq update
# shellcheck disable=SC2086
$as_root apt-get -qq install -y --no-install-recommends $missing >/dev/null
