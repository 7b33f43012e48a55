#!/usr/bin/env bash
# --embedded where containers put it: no home, a umask that denies everything, a user without a name,
# no room, a /tmp that cannot be written.
# what is mounted here is seen by nobody else
if [ "$(id -u)" -eq 0 ] && [ -z "${ALONE:-}" ] && unshare -m true 2>/dev/null; then
    exec env ALONE=1 unshare -m bash "$0"
fi
. "$(dirname "$0")/common.sh"
fixture=$work/fixture # other users read it, too
cp -R --no-preserve=mode "$root/fixtures/activation" "$fixture"
fresh places
"$coexsync" ingest "$fixture" >/dev/null
want=$(total)
user=()
[ "$(id -u)" -ne 0 ] || user=(setpriv --reuid=nobody --regid=nogroup --clear-groups --inh-caps=-all)
own() { # OPTION...: the total of a database of its own, behind an import
    "${user[@]}" "$coexsync" ingest -q "$fixture" "$@" >/dev/null && "${user[@]}" "$coexsync" digest "$@" | tail -n 1
}
mkdir "$work/place" && chmod 777 "$work/place" && cd "$work/place" || exit 1

# no home
exits 'a home that takes no folder' 73 '/proc/.local' env -u XDG_DATA_HOME HOME=/proc "$coexsync" migrate up --embedded
check 'the hint names another way' grep -q '^hint: .*--embedded=DIR' "$work/stderr"

# a umask that denies even who makes a file
closed=(bash -c 'umask 0777; exec "$@"' closed "${user[@]}" "$coexsync")
check 'an archive and a page, by a umask that denies all' "${closed[@]}" run "$fixture" -o a.tar --html a.html
same 'are for who made them' '-rw------- -rw-------' "$(stat -c %A a.tar a.html | xargs)"
check 'so is a database' "${closed[@]}" migrate up --embedded=closed
same 'which serves' "$want" "$(own --embedded=closed)"

if [ -z "${ALONE:-}" ]; then
    echo 'skip a user without a name, and small disks: not root, or nothing can be mounted'
    finish
fi

# a user id without a name
id=$(nameless_id)
nameless=(env -u HOME -u XDG_DATA_HOME setpriv --reuid="$id" --regid="$id" --clear-groups)
exits 'nobody, with no home' 78 'no home folder' "${nameless[@]}" "$coexsync" migrate up --embedded
check 'is told to name a folder' grep -q '^hint: .*--embedded=DIR' "$work/stderr"
exits 'nobody makes no database' 78 "user id $id has no name" "${nameless[@]}" "$coexsync" migrate up --embedded=none
check 'what helps' grep -q '^hint: .*/etc/passwd' "$work/stderr"
same 'another makes it' "$want" "$(own --embedded=pg)"
chown -R "$id:$id" pg
same 'nobody uses it' "$want" "$("${nameless[@]}" "$coexsync" digest --embedded=pg | tail -n 1)"

# no room: to make it, to make the database in it
mkdir disk && mount -t tmpfs -o size=4m,mode=777 none disk
exits 'no room to make it' 74 'initdb failed: .*No space left' "${user[@]}" "$coexsync" migrate up --embedded=disk/pg
mount -o remount,size=300m disk
same 'with more room the same command makes it' "$want" "$(own --embedded=disk/pg)"
umount disk && mount -t tmpfs -o size=300m,mode=777 none disk
mkdir -m 700 disk/pg && chown nobody:nogroup disk/pg
programs=$(dirname "$(find /usr/lib/postgresql -name pg_ctl | sort -V | tail -n 1)")
"${user[@]}" "$programs/initdb" -D disk/pg/data -U coexsync --encoding=UTF8 --locale=C.UTF-8 >"$work/initdb.log" 2>&1
mount -o "remount,size=$(($(df --output=used disk | tail -n 1) + 2048))k" disk
exits 'no room for the database in it' 74 'cannot make the database' "${user[@]}" "$coexsync" migrate up --embedded=disk/pg
mount -o remount,size=300m disk
same 'with more room the same command goes on' "$want" "$(own --embedded=disk/pg)"

# a file system that only reads, but for this folder
cat >"$work/readonly.sh" <<'END'
mount --rbind "$work" "$work" && mount --rbind /tmp /tmp && mount -o remount,bind,ro /tmp || exit 99
cd "$work/place" && exec "$@"
END
export work
exits 'no room for its socket' 73 '/tmp/coexsync-.*Read-only' \
    unshare -m sh "$work/readonly.sh" "${user[@]}" "$coexsync" status --embedded=disk/pg
check 'the hint names the folder' grep -q '^hint: .*/tmp' "$work/stderr"
umount disk
finish
