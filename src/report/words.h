/*
 * What the report's words mean in plain English, and what to do next. Shared by
 * the three forms; knows nothing of any of them.
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "base/arena.h"
#include "base/str.h"
#include "model/report.h"

enum report_severity { SEVERITY_GOOD, SEVERITY_WARNING, SEVERITY_BAD };

struct report_word {
	const char *name;
	enum report_severity severity;
	const char *meaning;
};

/* One for each outcome, in the order of the identity line. */
extern const struct report_word report_outcomes[OUTCOME_COUNT];

/*
 * NULL for a word that is not known. Of one word the meaning differs where something may be lost
 * all the same.
 */
const struct report_word *report_find_verdict(
    const struct report *r, const struct report_activation *activation);
/* `2026-03-01T09:00:00Z`, or that nobody knows. */
struct str report_onboarding_text(struct arena *a, const struct report_activation *activation);

/* What stands for a time of onboarding that nobody gave. */
struct str report_inferred_text(const struct report_activation *activation);

const struct report_word *report_find_media_state(struct str state);

/* `window: sent within 14 days before the onboarding, or since`: what an age of files means
 * (model/report.h). STR_NULL for one that is not known. */
struct str report_age_text(struct arena *a, const struct report *r, struct str age);

/* Is it the first row of media_ages that has this age? */
bool report_is_first_age(const struct report *r, size_t which);

/* `refused: host_not_allowed: 12, its URL leads to …`: how many are lost for it, and what it means.
 */
struct str report_loss_text(struct arena *a, const struct report_loss *loss);

int64_t report_files_in_state(const struct report *r, const char *state);

/* What people are named by, in words; the name itself if it is not known. */
struct str report_name_source(struct str name);

/* A reason as people read it: its sentence, its code, and what to do about it if anything. */
struct str report_reason_text(struct arena *a, const struct report_reason *reason);

/* The command to give next, ready to be pasted, and why. */
struct report_step {
	struct str command;
	struct str reason;
};

struct report_step report_next_step(struct arena *a, const struct report *r);

/* `212 files expire in 9 h 40 min`; empty if none can be fetched. */
struct str report_forecast_text(struct arena *a, const struct report *r);

/* Messages whose direction nothing says. */
int64_t report_directionless(const struct report *r);

/* `seen 9 = inserted 9 + enriched 0 + …`, and a complaint where it does not add up. */
struct str report_identity_line(struct arena *a, const struct counts *c);

/* The contents of a message in conflict, best first: `live 0a1b2c3d, history 4e5f6071`; hashes by
 * their beginning. Empty if they do not differ in content. */
struct str report_contents_text(struct arena *a, const struct report_conflict *c);

#endif
