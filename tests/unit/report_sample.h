/*
 * A report made by hand, with hostile names and missing chunks, for the tests of the report.
 * Everybody in it is made up.
 */
#ifndef TESTS_REPORT_SAMPLE_H
#define TESTS_REPORT_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/report.h"
#include "model/time.h"
#include "report/report.h"

#define S INT64_C(1000000)
#define MINUTE (60 * S)
#define HOUR (3600 * S)
#define DAY (24 * HOUR)
/* 2026-03-01T09:00:00Z */
#define T_FIRST (INT64_C(1772355600) * S)
/* 2026-05-01T09:00:00Z: 61 days later */
#define T_SECOND (T_FIRST + 61 * DAY)

/* A script, a terminal escape, a line end, C1, right-to-left override, a broken byte, wide letters.
 */
#define HOSTILE "<script>\"&'\033[2J\n\xC2\x9B\xE2\x80\xAE\xFF\xE6\x97\xA5\xE6\x9C\xAC"

static struct report_coverage two_phases[] = {
    {0, 3, 0, 2, {"", 0}, 55, 120, T_FIRST - 20 * HOUR, T_FIRST - HOUR},
    {1, 4, 3, 12, {"4, 7-9, 11", 10}, INT_NONE, 4000000, T_FIRST - 90 * DAY, T_FIRST - 30 * HOUR},
};
static struct report_coverage one_phase[] = {
    {2, 1, 0, 0, {"", 0}, 100, 7, TIME_NONE, TIME_NONE},
};
static struct report_reason two_reasons[] = {
    {{"chunks_missing", 14}, {"5 chunks of phase 1 are missing", 31}},
    {{"<b>code", 7}, {"hostile \033]0;title\a sentence", 27}},
};
static struct report_tally some_media[] = {
    {{"announced", 9}, 5},
    {{"never_announced", 15}, 2},
    {{"<i>new", 6}, 1},
};
static struct report_media some_media_ages[] = {
    {{"window", 6}, {"announced", 9}, 4, T_SECOND + 2 * DAY},
    {{"outside", 7}, {"announced", 9}, 1, T_SECOND + 3 * DAY},
    {{"window", 6}, {"never_announced", 15}, 2, TIME_NONE},
    {{"<u>age", 6}, {"<i>new", 6}, 1, TIME_NONE},
};
static struct report_loss some_losses[] = {
    {{"id_expired", 10}, {"not_tried", 9}, 31},
    {{"refused", 7}, {"host_not_allowed", 16}, 32},
    {{"<s>new", 6}, {"<q>reason", 9}, 33},
};
static struct report_tally some_names[] = {
    {{"address_book", 12}, 40},
    {{"profile", 7}, 9},
    {{"<u>name", 7}, 2},
};
static struct report_tally some_rejects[] = {
    {{"json_syntax", 11}, 3},
    {{"not_in_the_table", 16}, 1},
};

static struct report_account_event two_account_events[] = {
    {T_SECOND, {"ACCOUNT_RECONNECTED", 19}, {NULL, 0}, {NULL, 0}},
    {T_FIRST, {"PARTNER_<b>REMOVED", 18}, {"PRIMARY_INACTIVITY", 18}, {"SYSTEM", 6}},
};

/* Twelve messages in conflict are listed; one of them has several contents. */
#define HASH_A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HASH_B "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
static struct report_content two_contents[] = {
    {{HASH_A, 64}, {"live", 4}}, {{HASH_B, 64}, {"history media", 13}}};
#define IN_TIME(n) \
	{ \
		{"wamid." n, sizeof("wamid." n) - 1}, {"time", 4}, NULL, 0 \
	}
static struct report_conflict some_conflicting[] = {
    {{"wamid.<b>A", 10}, {"direction, content", 18}, two_contents, 2}, IN_TIME("02"), IN_TIME("03"),
    IN_TIME("04"), IN_TIME("05"), IN_TIME("06"), IN_TIME("07"), IN_TIME("08"), IN_TIME("09"),
    IN_TIME("10"), IN_TIME("11"), IN_TIME("12")};

/* One of one phase. The second moment of onboarding is inferred. */
static inline struct report_activation
activation_of(int64_t onboarded_at_us, const char *verdict, struct report_coverage *phase)
{
	return (struct report_activation){.onboarded_at_us = onboarded_at_us,
	    .is_inferred = onboarded_at_us == T_SECOND,
	    .verdict = str_of(verdict),
	    .phases = phase,
	    .phase_count = 1,
	    .history_requested_at_us = TIME_NONE};
}

static inline struct report
full_report(struct report_activation *activations, size_t count)
{
	return (struct report){
	    .account = STR_LIT("15550100001"),
	    .phone_number_id = STR_LIT("100000000000001"),
	    .as_of = {T_SECOND + DAY, 336, 168},
	    .activations = activations,
	    .activation_count = count,
	    .account_events = two_account_events,
	    .account_event_count = 2,
	    .payloads = 9,
	    .payloads_without_raw = 2,
	    .rejected_payloads = 1,
	    .counts = {.seen = 21,
		.outcomes = {10, 1, 6, 2, 0, 2},
		.events = 31,
		.contacts = 32,
		.chunks = 33,
		.rejects = 4,
		.text_repaired = 41,
		.time_unusable = 42,
		.direction_unknown = 43,
		.types_unknown = 44,
		.group_events = 45},
	    .messages = 12,
	    .conversations = 4,
	    .proposals = 3,
	    .inbound = 6,
	    .outbound = 5,
	    .oldest_us = T_FIRST - 90 * DAY,
	    .newest_us = T_FIRST,
	    .contacts = 51,
	    .names = some_names,
	    .name_count = 3,
	    .events = 52,
	    .conflicts = 14,
	    .conflicting = some_conflicting,
	    .conflicting_count = 12,
	    .media = some_media,
	    .media_count = 3,
	    .media_ages = some_media_ages,
	    .losses = some_losses,
	    .loss_count = 3,
	    .media_age_count = 4,
	    .next_deadline_us = T_SECOND + 2 * DAY,
	    .media_expiring = 212,
	    .rejects = some_rejects,
	    .reject_count = 2,
	};
}

/* On the day of the onboarding and on all days up to 90 before it, but for those from 20 to 26. */
static inline struct report_timeline
timeline_with_hole(void)
{
	struct report_timeline t = {.older = 3, .later = 4};

	for (int day = 0; day <= 90; day++)
		t.days[day] = day >= 20 && day <= 26 ? 0 : 1 + day % 10;
	return t;
}

static struct report_activation incomplete = {.onboarded_at_us = T_FIRST,
    .verdict = {"incomplete", 10},
    .reasons = two_reasons,
    .reason_count = 2,
    .phases = two_phases,
    .phase_count = 2,
    .history_requested_at_us = TIME_NONE};

static inline void
expect_all(const char *text, const char *const *wanted)
{
	for (; *wanted != NULL; wanted++)
		if (strstr(text, *wanted) == NULL)
			fail_msg("not there: %s\nin:\n%s", *wanted, text);
}

static inline void
expect_none(const char *text, const char *const *unwanted)
{
	for (; *unwanted != NULL; unwanted++)
		if (strstr(text, *unwanted) != NULL)
			fail_msg("there: %s\nin:\n%s", *unwanted, text);
}

#endif
