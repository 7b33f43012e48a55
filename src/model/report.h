/*
 * What a report says about one account: filled by store, written by report.
 * All times in microseconds UTC; texts live in the arena that store was given.
 */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "model/as_of.h"
#include "model/batch.h"

/* Of one phase. */
struct report_coverage {
	int phase;
	int64_t chunks;
	int lowest_order; /* INT_NONE where not said, likewise below */
	int highest_order;
	struct str missing; /* "3, 7-9", "" if none */
	int progress;
	int64_t messages;
	int64_t oldest_us;
	int64_t newest_us;
};

struct report_reason {
	struct str code;
	struct str sentence;
};

/* The day of an onboarding and the 180 before it: how far back the platform goes. */
#define REPORT_DAYS 181

/* Messages by the day that they were sent on. */
struct report_timeline {
	int64_t days[REPORT_DAYS]; /* [0]: of the onboarding until it, [1]: the day before */
	int64_t older;
	int64_t later; /* since the onboarding */
};

struct report_activation {
	int64_t onboarded_at_us;
	bool is_inferred;
	struct str verdict;
	struct report_reason *reasons;
	size_t reason_count;
	struct report_coverage *phases;
	size_t phase_count;
	int64_t history_requested_at_us; /* TIME_NONE */
	struct report_timeline *timeline; /* NULL: the time of the onboarding is not known */
};

/* One of several contents of a message: its name, and the best stream that gave it. */
struct report_content {
	struct str sha256; /* hex */
	struct str stream;
};

/* A message of which payloads say different things. */
struct report_conflict {
	struct str wamid;
	struct str fields; /* "direction, content" */
	struct report_content *contents; /* none if they do not differ in content */
	size_t content_count;
};

/* What became of the account itself. Words in capitals; STR_NULL and TIME_NONE where not said. */
struct report_account_event {
	int64_t at_us;
	struct str event;
	struct str reason;
	struct str initiated_by;
};

/* A word and how often. */
struct report_tally {
	struct str name;
	int64_t count;
};

/*
 * Files of one age and state. age: `window` (sent within as_of.max_age_hours before the onboarding,
 * or since), `older` (no file comes), `outside` (older, and a file came all the same), `undated`.
 */
struct report_media {
	struct str age;
	struct str state;
	int64_t files;
	int64_t deadline_us; /* until which the first of them can be fetched, TIME_NONE */
};

/* Files that are lost, of one state and for one reason (rules/loss.h). */
struct report_loss {
	struct str state;
	struct str reason;
	int64_t files;
};

struct report {
	struct str account;
	struct str phone_number_id;
	struct as_of as_of;
	bool is_redacted; /* pseudonyms stand for numbers, ids and names */
	struct str dbname; /* for the next command, as it was given; null: it was not */
	bool is_embedded; /* likewise */
	struct str embedded_dir; /* null: the usual one */

	struct report_activation *activations;
	size_t activation_count;

	struct report_account_event *account_events; /* the latest ten, newest first */
	size_t account_event_count;

	int64_t payloads;
	int64_t payloads_without_raw;
	int64_t rejected_payloads;
	struct counts counts; /* sum over the ledger */

	int64_t messages;
	int64_t conversations;
	int64_t proposals; /* pairs of identities that may be one person */
	int64_t inbound;
	int64_t outbound;
	int64_t oldest_us;
	int64_t newest_us;
	int64_t contacts;
	struct report_tally *names; /* address_book, profile, number -> people named by it */
	size_t name_count;
	int64_t events;
	int64_t conflicts; /* messages with a conflict bit */
	struct report_conflict *conflicting; /* the first hundred of them */
	size_t conflicting_count;

	struct report_tally *media; /* state -> files */
	size_t media_count;
	struct report_media *media_ages; /* the same by age, too */
	size_t media_age_count;
	struct report_loss *losses;
	size_t loss_count;
	int64_t next_deadline_us; /* of files that can still be fetched, TIME_NONE */
	int64_t media_expiring; /* those that expire in its hour, counted from as_of */
	struct report_tally *rejects; /* code -> items */
	size_t reject_count;
};

#endif
