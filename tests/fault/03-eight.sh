#!/usr/bin/env bash
# Eight processes at once, some of them killed and started again: the facts of an import in order,
# and nobody sees a deadlock. First the same messages in other payloads, then other texts in each.
# MESSAGES, SEED: another set, other moments to kill.
. "$(dirname "$0")/../scenario/common.sh"
# shellcheck source=tests/tools/eight.sh
. "$root/tests/tools/eight.sh"
RANDOM=${SEED:-4711}

eight_parts "${MESSAGES:-50000}" 11
fresh eight
"$coexsync" ingest "$work/whole" >/dev/null
want=$(total)
fresh eight
eight_run 'halves' "$want" 2

eight_versions $((${MESSAGES:-50000} / 40)) 12
fresh eight
"$coexsync" ingest "$work/whole" --jobs 1 >/dev/null
want=$(total)
check 'versions: messages have eight contents' \
    test "$(sql 'SELECT count(*) FROM coexsync.message_version')" -gt "$((eight_messages * 4))"
fresh eight
"$coexsync" ingest "$work/p0" >/dev/null
eight_run 'versions' "$want" 1
finish
