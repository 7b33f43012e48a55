#!/usr/bin/env bash
# Published samples of payloads, where they lie beside the project: all of them at once, with ASan and
# UBSan; those that are no JSON are rejected, nothing crashes.
. "$(dirname "$0")/common.sh"
samples=${SAMPLES:-$root/../shared/payloads}
if [ ! -d "$samples" ]; then
    echo 'skip samples: no folder of published payloads beside the project'
    exit 0
fi
mkdir "$work/samples"
cp "$samples"/*.json "$work/samples/"
coexsync=$root/build/asan/coexsync
fresh samples
exits 'all samples in one run' 3 'items that cannot be used' "$coexsync" ingest "$work/samples"
check 'no complaint of a sanitizer' sh -c "! grep -E 'runtime error|AddressSanitizer' '$work/stderr'"
same 'every sample is in the ledger' "$(find "$work/samples" -type f | wc -l)" \
    "$(sql 'SELECT count(DISTINCT source) FROM coexsync.payload')"
same 'the invalid ones are in reject' "$(find "$work/samples" -name '*INVALID*' | wc -l)" \
    "$(sql "SELECT count(*) FROM coexsync.reject JOIN coexsync.payload USING (account_id, sha256)
        WHERE source LIKE '%INVALID%' AND code IN ('json_syntax', 'json_truncated')")"

# What each must become, by its name: dialect, kind, messages seen, events, contacts, chunks, account
# events, codes of its rejects. By the rules of docs/PAYLOADS.md; a `-` is none.
cat >"$work/expected" <<'END'
360dialog_history_template - unusable 0 0 0 0 0 json_syntax
bsuid_history_thread_context_template meta unusable 1 0 0 0 0 no_account
bsuid_state_sync_template meta unusable 0 0 0 0 0 no_account
datafy_smb_app_data_response - unusable 0 0 0 0 0 unknown_shape
gupshup_history_real meta history 5 0 0 1 0 -
gupshup_v2_coex_outgoing_read - unusable 0 0 0 0 0 unknown_shape
meta_account_update_account_reconnected_2026 meta account 0 0 0 0 1 -
meta_account_update_app_uninstalled_field_inside_value meta account 0 0 0 0 1 -
meta_account_update_deleted meta account 0 0 0 0 1 -
meta_account_update_partner_added_no_object meta account 0 0 0 0 1 -
meta_account_update_partner_removed_INVALID_JSON_trailing_comma - unusable 0 0 0 0 0 json_syntax
meta_account_update_partner_removed_disconnection_info_2026 meta account 0 0 0 0 1 -
meta_echo_revoke_2026 meta echoes 0 1 0 0 0 -
meta_echo_text_2026 meta echoes 1 0 0 0 0 -
meta_echo_text_INVALID_JSON_missing_comma - unusable 0 0 0 0 0 json_syntax
meta_graph_error_130429 - unusable 0 0 0 0 0 unknown_shape
meta_history_approved meta history 4 0 0 1 0 -
meta_history_declined_bare_value bare history 0 0 0 1 0 -
meta_history_media_asset meta history_media 1 0 0 0 0 -
meta_media_get_response_hex_sha256 - unusable 0 0 0 0 0 unknown_shape
meta_messages_audio_voice meta messages 1 0 0 0 0 -
meta_messages_button meta messages 1 0 0 0 0 -
meta_messages_contacts meta messages 1 0 0 0 0 -
meta_messages_document meta messages 1 0 0 0 0 -
meta_messages_edit_image meta messages 0 1 0 0 0 -
meta_messages_errors_value_level meta messages 0 0 0 0 0 -
meta_messages_group - unusable 0 0 0 0 0 json_syntax
meta_messages_image meta messages 1 0 0 0 0 -
meta_messages_location meta messages 1 0 0 0 0 -
meta_messages_revoke meta messages 0 1 0 0 0 -
meta_messages_text_ad_referral meta messages 1 0 0 0 0 -
meta_messages_video meta messages 1 0 0 0 0 -
meta_phone_number_is_on_biz_app - unusable 0 0 0 0 0 unknown_shape
meta_smb_app_data_response - unusable 0 0 0 0 0 unknown_shape
meta_state_sync_add meta contacts 0 0 1 0 0 -
meta_statuses_read_v24 meta messages 0 1 0 0 0 -
meta_statuses_sent meta messages 0 1 0 0 0 -
ycloud_smb_app_state_sync_test ycloud contacts 0 0 1 0 0 -
ycloud_smb_history_inbound_template ycloud history 1 0 0 1 0 -
END
sql "SELECT regexp_replace(p.source, '^.*/|[.]json.*$', '', 'g'), coalesce(p.dialect, '-'), p.kind,
        coalesce(p.counts ->> 'seen', '0'), coalesce(p.counts ->> 'events', '0'),
        coalesce(p.counts ->> 'contacts', '0'), coalesce(p.counts ->> 'chunks', '0'),
        CASE WHEN p.kind = 'account' THEN 1 ELSE 0 END,
        coalesce((SELECT string_agg(r.code, ',') FROM coexsync.reject AS r
            WHERE r.account_id = p.account_id AND r.sha256 = p.sha256), '-')
    FROM coexsync.payload AS p ORDER BY 1" | tr '|' ' ' >"$work/got"
mapfile -t names < <(cut -d' ' -f1 "$work/expected")
for name in "${names[@]}"; do
    [ -f "$work/samples/$name.json" ] || continue
    same "$name" "$(grep "^$name " "$work/expected")" "$(grep "^$name " "$work/got")"
done
for file in "$work"/samples/*.json; do
    name=$(basename "$file" .json)
    check "$name is expected to be something" grep -q "^$name " "$work/expected"
done
same 'account events' 5 "$(sql 'SELECT count(*) FROM coexsync.account_event')"
check 'data without findings' "$coexsync" check --data
check 'the report of all accounts' "$coexsync" report
exits 'again: all known' 3 'items that cannot be used' "$coexsync" ingest "$work/samples"
check 'nothing new' grep -q ': 0 new' "$work/stdout"
finish
