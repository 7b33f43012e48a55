/*
 * The words: see words.h. Tables; the verdicts and states themselves are found
 * by the views of the database, not here.
 */
#include <inttypes.h>

#include "base/count.h"
#include "model/time.h"
#include "report/text.h"
#include "report/words.h"
#include "rules/accounting.h"
#include "rules/loss.h"
#include "rules/pace.h"
#include "rules/window.h"

/* A command line is shown with a name in it only if the name is no longer than this. */
#define ACCOUNT_WORD_MAX 64

const struct report_word report_outcomes[OUTCOME_COUNT] = {
    [OUTCOME_INSERTED] = {"inserted", SEVERITY_GOOD, "new"},
    [OUTCOME_ENRICHED] = {"enriched", SEVERITY_GOOD, "known, and something was added"},
    [OUTCOME_DUPLICATE] = {"duplicate", SEVERITY_GOOD, "known, and nothing was new"},
    [OUTCOME_CONFLICTING] = {"conflicting", SEVERITY_WARNING, "known, and told differently before"},
    [OUTCOME_REJECTED] = {"rejected", SEVERITY_WARNING, "unusable, kept with the reason"},
    [OUTCOME_EXCLUDED] = {"excluded", SEVERITY_GOOD, "of others, a group, or a sample"},
};

static const struct report_word verdicts[] = {
    {"complete", SEVERITY_GOOD,
	"All chunks of the history have come, and no item or file of them is lost."},
    {"complete_with_loss", SEVERITY_WARNING,
	"All chunks of the history have come, but some items or files are lost."},
    {"unprovable", SEVERITY_WARNING,
	"Nobody can tell from the payloads whether all of the history has come."},
    {"incomplete", SEVERITY_BAD, "A part of the history has not come."},
    {"no_data", SEVERITY_BAD, "No history has come."},
    {"declined", SEVERITY_BAD, "The business declined to share its history."},
};

/* As `complete`, with rejects, lost files, errors or payloads of nobody beside it. */
static const struct report_word complete_with_doubt = {
    "complete", SEVERITY_WARNING, "All chunks of the history have come."};

#define CORRECT_ONBOARDING \
	"If that time is wrong, coexsync activation drop TIME takes it back; then give the " \
	"payloads again with the right one."

/* What can be done about a reason. */
static const struct {
	const char *code;
	const char *advice;
} advices[] = {
    {"declined", "It cannot be asked for again: the business turns history sharing on and is "
		 "onboarded anew."},
    {"no_data", "Ingest its payloads if they were captured."},
    {"request_unanswered",
	"The first payload may take half an hour. Then look whether the webhook field \"history\" "
	"is "
	"subscribed and its payloads reach the capture, and name the request id to the provider."},
    {"chunk_errors", "Look the code up in Meta's list, and ask the provider to send the part."},
    {"declined_after_data", "What came before stays; the rest cannot be asked for again."},
    {"progress_below_100", "Ingest the payloads that still come, or look for them in the capture."},
    {"holes", "Look for these chunks in the capture, or ask the provider for them."},
    {"no_chunk_numbers", "Compare the counts with those of the provider, if it names any."},
    {"progress_not_said", "Compare the counts with those of the provider, if it names any."},
    {"rejects", "See \"Rejected items\" for what to do."},
    {"media_awaited", "Ingest the payloads that still come: 24 hours after onboarding what has not "
		      "come is lost."},
    {"attributed_by_time",
	"Give their payloads again with the --onboarded-at that they belong to."},
    {"onboarded_in_future", CORRECT_ONBOARDING},
    {"history_after_onboarding", CORRECT_ONBOARDING},
    {"silent_days", "Look whether the capture was at work, and whether the business was closed."},
    {"dangling_replies", "Ingest live payloads from before, if they were captured."},
    {"dangling_events", "Ingest the payloads of these messages, if they were captured."},
    {"media_lost", "coexsync media --list --state=STATE names them, by each state counted here; "
		   "without --list those that were announced are tried once more."},
    {"payloads_without_raw", "Leave --no-raw out; archives lack the bytes of these."},
    {"unusable_payloads",
	"They are rejected under account \"-\" (coexsync reject list): get them whole and ingest "
	"them, then forget the broken ones (coexsync reject drop); or say whose they are with "
	"--account."},
};

static const struct report_word media_states[] = {
    {"announced", SEVERITY_WARNING, "can be fetched now"},
    {"awaiting", SEVERITY_WARNING, "may still be announced"},
    {"downloaded", SEVERITY_GOOD, "here, as announced"},
    {"unverified", SEVERITY_GOOD, "here, nothing to compare with"},
    {"too_old", SEVERITY_GOOD, "too old to be sent at all"},
    {"never_announced", SEVERITY_BAD, "should have come, did not"},
    {"id_expired", SEVERITY_BAD, "its id is gone"},
    {"mismatch", SEVERITY_BAD, "came with another content than announced"},
    {"too_large", SEVERITY_BAD, "larger than is fetched"},
    {"refused", SEVERITY_BAD, "refused: by the Graph API, or not allowed here"},
};

static const struct report_word media_ages[] = {
    {"window", SEVERITY_GOOD, NULL}, /* see report_age_text */
    {"older", SEVERITY_GOOD, "sent before that: no file comes"},
    {"outside", SEVERITY_GOOD, "sent before that, and a file came all the same"},
    {"undated", SEVERITY_WARNING, "nobody says when it was sent"},
};

static const struct report_word name_sources[] = {
    {"address_book", SEVERITY_GOOD, "by address book"},
    {"profile", SEVERITY_GOOD, "by profile"},
    {"number", SEVERITY_WARNING, "without name"},
};

static const struct report_word *find_word(
    const struct report_word *words, size_t count, struct str name);
static bool is_doubtful(const struct report *r, const struct report_activation *activation);
static const struct report_activation *latest_activation(const struct report *r);
static bool is_harmless(struct str word);
static struct str account_option(struct arena *a, const struct report *r);
static struct str window_options(struct arena *a, const struct report *r);
static struct report_step step_without_activation(const struct report *r);
static struct report_step step_without_data(
    struct arena *a, const struct report *r, const struct report_activation *latest);
static struct report_step step_for_media(struct arena *a, const struct report *r);
static struct report_step step_to_export(struct arena *a, const struct report *r);

const struct report_word *
report_find_verdict(const struct report *r, const struct report_activation *activation)
{
	if (str_is(activation->verdict, "complete") && is_doubtful(r, activation))
		return &complete_with_doubt;
	return find_word(verdicts, COUNT(verdicts), activation->verdict);
}

struct str
report_onboarding_text(struct arena *a, const struct report_activation *activation)
{
	if (activation->onboarded_at_us == TIME_NONE)
		return STR_LIT("an unknown time");
	return report_time_text(a, activation->onboarded_at_us);
}

struct str
report_inferred_text(const struct report_activation *activation)
{
	if (activation->onboarded_at_us == TIME_NONE)
		return STR_LIT("No time of onboarding has been given, and there is no message of "
			       "the history that would tell one.");
	return STR_LIT("No time of onboarding has been given; that of the newest message of the "
		       "history stands for it.");
}

struct str
report_reason_text(struct arena *a, const struct report_reason *reason)
{
	const char *advice = NULL;

	for (size_t i = 0; i < COUNT(advices); i++)
		if (str_is(reason->code, advices[i].code))
			advice = advices[i].advice;
	return arena_printf(a, "%.*s (%.*s)%s%s", STR_ARG(reason->sentence), STR_ARG(reason->code),
	    advice == NULL ? "" : " ", advice == NULL ? "" : advice);
}

const struct report_word *
report_find_media_state(struct str state)
{
	return find_word(media_states, COUNT(media_states), state);
}

struct str
report_age_text(struct arena *a, const struct report *r, struct str age)
{
	const struct report_word *word = find_word(media_ages, COUNT(media_ages), age);
	struct str max_age = window_text(a, r->as_of.max_age_hours);

	if (word == NULL)
		return STR_NULL;
	if (word->meaning != NULL)
		return arena_printf(a, "%s: %s", word->name, word->meaning);
	return arena_printf(a, "%s: sent within %.*s before the onboarding, or since", word->name,
	    STR_ARG(max_age));
}

bool
report_is_first_age(const struct report *r, size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (str_equal(r->media_ages[i].age, r->media_ages[which].age))
			return false;
	return true;
}

struct str
report_loss_text(struct arena *a, const struct report_loss *loss)
{
	const char *meaning = loss_find_meaning(loss->reason);

	return arena_printf(a, "%.*s: %.*s: %" PRId64 "%s%s", STR_ARG(loss->state),
	    STR_ARG(loss->reason), loss->files, meaning == NULL ? "" : ", ",
	    meaning == NULL ? "" : meaning);
}

struct str
report_name_source(struct str name)
{
	const struct report_word *word = find_word(name_sources, COUNT(name_sources), name);

	return word == NULL ? name : str_of(word->meaning);
}

/* The two greatest units: `6 d 9 h`, `9 h 40 min`, `0 min`. */
static struct str
duration_text(struct arena *a, int64_t us)
{
	int64_t minutes = us < 0 ? 0 : us / 60000000;

	if (minutes >= 48 * 60)
		return arena_printf(
		    a, "%" PRId64 " d %" PRId64 " h", minutes / 1440, minutes / 60 % 24);
	if (minutes >= 60)
		return arena_printf(a, "%" PRId64 " h %" PRId64 " min", minutes / 60, minutes % 60);
	return arena_printf(a, "%" PRId64 " min", minutes);
}

struct str
report_forecast_text(struct arena *a, const struct report *r)
{
	struct str left;

	if (r->next_deadline_us == TIME_NONE)
		return STR_LIT("");
	left = duration_text(a, r->next_deadline_us - r->as_of.at_us);
	return arena_printf(a, "%" PRId64 " %s in %.*s", r->media_expiring,
	    r->media_expiring == 1 ? "file expires" : "files expire", STR_ARG(left));
}

int64_t
report_directionless(const struct report *r)
{
	return r->messages - r->inbound - r->outbound;
}

struct str
report_identity_line(struct arena *a, const struct counts *c)
{
	struct str line = arena_printf(a, "seen %" PRIu64 " =", c->seen);

	for (int i = 0; i < OUTCOME_COUNT; i++)
		line = arena_printf(a, "%.*s%s %s %" PRIu64, STR_ARG(line), i == 0 ? "" : " +",
		    report_outcomes[i].name, c->outcomes[i]);
	if (!accounting_adds_up(c))
		line =
		    arena_printf(a, "%.*s: THIS DOES NOT ADD UP, please report it", STR_ARG(line));
	return line;
}

/* What runs out of time comes first: the request for history (24 hours), then the files. */
static struct report_step
next_step(struct arena *a, const struct report *r)
{
	const struct report_activation *latest = latest_activation(r);
	bool is_empty = latest != NULL && str_is(latest->verdict, "no_data");
	bool can_request = is_empty && latest->history_requested_at_us == TIME_NONE &&
			   pace_is_sync_open(latest->onboarded_at_us, r->as_of.at_us);

	if (can_request)
		return step_without_data(a, r, latest);
	if (r->next_deadline_us != TIME_NONE || report_files_in_state(r, "announced") > 0)
		return step_for_media(a, r);
	if (latest == NULL)
		return step_without_activation(r);
	if (is_empty)
		return step_without_data(a, r, latest);
	if (str_is(latest->verdict, "incomplete"))
		return (struct report_step){STR_LIT("coexsync ingest SOURCE..."),
		    STR_LIT(
			"a part of the history is missing: look for its payloads in the capture, "
			"or ask the provider for them")};
	if (report_files_in_state(r, "awaiting") > 0)
		return (struct report_step){STR_LIT("coexsync ingest SOURCE..."),
		    STR_LIT("more files may be announced: give the payloads that still come")};
	return step_to_export(a, r);
}

/* Where the database is that this report is of. What is not to be shown has a name in capitals. */
static struct str
server_option(struct arena *a, const struct report *r)
{
	struct str folder = r->embedded_dir, dbname = r->dbname;

	if (folder.ptr != NULL && (r->is_redacted || !is_harmless(folder)))
		folder = STR_LIT("DIR");
	if (r->is_embedded)
		return arena_printf(
		    a, " --embedded%s%.*s", folder.ptr == NULL ? "" : "=", STR_ARG(folder));
	if (dbname.ptr != NULL && (r->is_redacted || !is_harmless(dbname)))
		dbname = STR_LIT("CONNINFO");
	return dbname.ptr == NULL ? STR_LIT("") : arena_printf(a, " -d %.*s", STR_ARG(dbname));
}

/* `coexsync WORD`, the database, the rest of the command. */
static struct str
on_server(struct arena *a, const struct report *r, struct str command)
{
	struct str option = server_option(a, r);
	size_t end = sizeof("coexsync");

	while (end < command.len && command.ptr[end] != ' ')
		end++;
	return arena_printf(a, "%.*s%.*s%.*s", (int)end, command.ptr, STR_ARG(option),
	    (int)(command.len - end), command.ptr + end);
}

struct report_step
report_next_step(struct arena *a, const struct report *r)
{
	struct report_step step = next_step(a, r);

	step.command = on_server(a, r, step.command);
	return step;
}

static const struct report_word *
find_word(const struct report_word *words, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(name, words[i].name))
			return &words[i];
	return NULL;
}

/* May something be lost, though all chunks are there? */
static bool
is_doubtful(const struct report *r, const struct report_activation *activation)
{
	for (size_t i = 0; i < activation->reason_count; i++)
		if (str_is(activation->reasons[i].code, "unusable_payloads") ||
		    str_is(activation->reasons[i].code, "chunk_errors"))
			return true;
	for (size_t i = 0; i < r->media_count; i++) {
		const struct report_word *state = report_find_media_state(r->media[i].name);

		if (state != NULL && state->severity == SEVERITY_BAD && r->media[i].count > 0)
			return true;
	}
	return r->reject_count > 0;
}

static const struct report_activation *
latest_activation(const struct report *r)
{
	const struct report_activation *latest = NULL;

	for (size_t i = 0; i < r->activation_count; i++)
		if (latest == NULL || r->activations[i].onboarded_at_us > latest->onboarded_at_us)
			latest = &r->activations[i];
	return latest;
}

int64_t
report_files_in_state(const struct report *r, const char *state)
{
	for (size_t i = 0; i < r->media_count; i++)
		if (str_is(r->media[i].name, state))
			return r->media[i].count;
	return 0;
}

/* Names come out of payloads, and people paste commands into a shell: only those of letters that
 * mean nothing there are shown. */
static bool
is_harmless(struct str word)
{
	static const char harmless[] = "0123456789+:_./-abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (size_t i = 0; i < word.len; i++)
		if (memchr(harmless, word.ptr[i], sizeof(harmless) - 1) == NULL)
			return false;
	return word.len > 0;
}

/* What is nobody's has none, and a pseudonym names none. */
static struct str
account_option(struct arena *a, const struct report *r)
{
	if (r->is_redacted || !is_harmless(r->account) || r->account.len > ACCOUNT_WORD_MAX ||
	    str_equal(r->account, NOBODY))
		return STR_LIT("");
	return arena_printf(a, " --account=%.*s", STR_ARG(r->account));
}

static struct report_step
step_without_activation(const struct report *r)
{
	if (r->payloads == 0)
		return (struct report_step){
		    STR_LIT("coexsync ingest SOURCE..."), STR_LIT("nothing has been given yet")};
	return (struct report_step){STR_LIT("coexsync ingest SOURCE... --onboarded-at=TIME"),
	    STR_LIT("no history is here: give its payloads, with the time of onboarding")};
}

static struct report_step
step_without_data(struct arena *a, const struct report *r, const struct report_activation *latest)
{
	struct str account = account_option(a, r);
	struct str time = report_time_text(a, latest->onboarded_at_us);

	/* inferred of an error alone */
	if (latest->onboarded_at_us == TIME_NONE)
		return step_without_activation(r);
	if (latest->history_requested_at_us != TIME_NONE)
		return (struct report_step){STR_LIT("coexsync ingest SOURCE..."),
		    STR_LIT(
			"history was requested and none is here: look whether its webhooks reach "
			"the capture, then give the payloads")};
	if (!pace_is_sync_open(latest->onboarded_at_us, r->as_of.at_us))
		return (struct report_step){STR_LIT("coexsync ingest SOURCE..."),
		    STR_LIT("no history is here, and the 24 hours in which it can be requested are "
			    "over: give the payloads if they were captured")};
	return (struct report_step){
	    arena_printf(a, "coexsync request history%.*s --onboarded-at=%.*s --token-file=FILE",
		STR_ARG(account), STR_ARG(time)),
	    STR_LIT("no history is here; it can be requested once, within 24 hours of onboarding "
		    "(if it was: give the payloads to coexsync ingest)")};
}

/* Another view of the files would be no answer to this report. */
static struct str
window_options(struct arena *a, const struct report *r)
{
	if (window_is_usual(&r->as_of))
		return STR_LIT("");
	return arena_printf(a, " --media-max-age=%dh --media-id-life=%dh", r->as_of.max_age_hours,
	    r->as_of.id_life_hours);
}

static struct report_step
step_for_media(struct arena *a, const struct report *r)
{
	struct str account = account_option(a, r), windows = window_options(a, r);
	struct str time = report_time_text(a, r->next_deadline_us);
	struct str reason = STR_LIT("files can be fetched");

	if (r->next_deadline_us != TIME_NONE)
		reason = arena_printf(
		    a, "files can be fetched, the first of them until %.*s", STR_ARG(time));
	return (struct report_step){
	    arena_printf(a, "coexsync media%.*s%.*s --token-file=FILE --media-dir=DIR",
		STR_ARG(account), STR_ARG(windows)),
	    reason};
}

static struct report_step
step_to_export(struct arena *a, const struct report *r)
{
	struct str account = account_option(a, r), windows = window_options(a, r);

	return (struct report_step){
	    arena_printf(a, "coexsync export -o FILE%.*s%.*s", STR_ARG(account), STR_ARG(windows)),
	    STR_LIT("nothing more is to be fetched: keep what is here in an audit archive")};
}

struct str
report_contents_text(struct arena *a, const struct report_conflict *c)
{
	struct str line = STR_LIT("");

	for (size_t i = 0; i < c->content_count; i++)
		line = arena_printf(a, "%.*s%s%.*s %.8s", STR_ARG(line), i == 0 ? "" : ", ",
		    STR_ARG(c->contents[i].stream), c->contents[i].sha256.ptr);
	return line;
}
