/*
 * Pseudonyms: see redact.h. A list of what may stay, not of what must go: a
 * field that is new or of unexpected content is made a pseudonym.
 */
#include "base/count.h"
#include "base/hmac.h"
#include "report/redact.h"
#include "rules/phone.h"

/* A run of digits of this length may be a phone number (E.164 has at least as many), an id, … */
#define NUMBER_DIGITS 7

#define PSEUDONYM_DIGITS 12

/* The longest of the tool's own words. */
#define WORD_MAX 48

/* Their sentences are made of counts, codes and times. */
static const char *const plain_reasons[] = {"chunk_errors", "history_after_onboarding", "holes",
    "onboarded_in_future", "request_unanswered", "silent_days"};

/* What the platform says of accounts (docs/PAYLOADS.md); a provider may write anything. */
static const char *const account_words[] = {"ACCOUNT_DELETED", "ACCOUNT_DISCONNECTED",
    "ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED", "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION",
    "BUSINESS_DOWNGRADE", "CHANGE_NUMBER", "COMPANION_INACTIVITY", "DISABLED_UPDATE",
    "PARTNER_ADDED", "PARTNER_APP_INSTALLED", "PARTNER_APP_UNINSTALLED", "PARTNER_REMOVED",
    "PRIMARY_INACTIVITY", "SYSTEM", "USER", "USER_RE_REGISTERED", "VERIFIED_ACCOUNT"};

struct redaction {
	struct arena *arena;
	const struct sha256 *key;
};

static struct sha256 keyed_hash(const struct redaction *x, struct str text);
static struct str pseudonym_of(const struct redaction *x, struct str text);
static struct str redact_word(const struct redaction *x, struct str word);
static struct str redact_sentence(const struct redaction *x, struct str sentence);
static bool is_one_of(struct str word, const char *const *words, size_t count);
static bool is_letter(char c);
static bool may_name(struct str word);
static void redact_activation(const struct redaction *x, struct report_activation *v);
static void redact_conflict(const struct redaction *x, struct report_conflict *c);
static void redact_account_event(const struct redaction *x, struct report_account_event *event);
static void redact_tallies(const struct redaction *x, struct report_tally *t, size_t count);

void
report_redact(struct arena *a, struct report *r, const struct sha256 *key)
{
	const struct redaction x = {a, key};

	if (!str_equal(r->account, NOBODY))
		r->account = pseudonym_of(&x, r->account);
	if (!str_is_empty(r->phone_number_id))
		r->phone_number_id = pseudonym_of(&x, r->phone_number_id);
	for (size_t i = 0; i < r->activation_count; i++)
		redact_activation(&x, &r->activations[i]);
	for (size_t i = 0; i < r->conflicting_count; i++)
		redact_conflict(&x, &r->conflicting[i]);
	for (size_t i = 0; i < r->media_age_count; i++) {
		r->media_ages[i].age = redact_word(&x, r->media_ages[i].age);
		r->media_ages[i].state = redact_word(&x, r->media_ages[i].state);
	}
	for (size_t i = 0; i < r->loss_count; i++) {
		r->losses[i].state = redact_word(&x, r->losses[i].state);
		r->losses[i].reason = redact_word(&x, r->losses[i].reason);
	}
	for (size_t i = 0; i < r->account_event_count; i++)
		redact_account_event(&x, &r->account_events[i]);
	redact_tallies(&x, r->names, r->name_count);
	redact_tallies(&x, r->media, r->media_count);
	redact_tallies(&x, r->rejects, r->reject_count);
	r->is_redacted = true;
}

struct str
report_redaction_text(void)
{
	return STR_LIT(
	    "Redacted: numbers, ids, names and texts are pseudonyms, the same in every form and in "
	    "all reports of this database. They are made with a random key that stays in the "
	    "database (coexsync.pseudonym_key): without it nobody can tell whose they are, not "
	    "even by trying all numbers; who can read the database can. Counts and times are "
	    "true.");
}

/* Digits behind a plus are the number without it. */
static struct str
pseudonym_of(const struct redaction *x, struct str text)
{
	char hex[SHA256_HEX_BYTES];
	struct str number = text;
	const char *kind = "text";
	struct sha256 h;

	if (number.len > 0 && number.ptr[0] == '+')
		number = (struct str){text.ptr + 1, text.len - 1};
	if (phone_is_number(number)) {
		text = number;
		kind = "number";
	} else if (text.len > 6 && str_begins(text, "wamid.")) {
		kind = "message";
	}
	h = keyed_hash(x, text);
	return arena_printf(x->arena, "%s-%.*s", kind, PSEUDONYM_DIGITS, sha256_hex(&h, hex));
}

/* A code, or several in a list, stays: letters and _ are what the tool's own are made of. */
static struct str
redact_word(const struct redaction *x, struct str word)
{
	if (word.len > WORD_MAX || may_name(word))
		return pseudonym_of(x, word);
	for (size_t i = 0; i < word.len; i++)
		if (!is_letter(word.ptr[i]) && memchr("_ ,0123456789", word.ptr[i], 13) == NULL)
			return pseudonym_of(x, word);
	return word;
}

/* Sentences are the tool's own; what is said in them of others is found word by word. */
static struct str
redact_sentence(const struct redaction *x, struct str sentence)
{
	struct str line = STR_LIT("");

	while (sentence.len > 0) {
		const char *space = memchr(sentence.ptr, ' ', sentence.len);
		size_t length = space == NULL ? sentence.len : (size_t)(space - sentence.ptr);
		struct str word = {sentence.ptr, length}, mark;

		while (word.len > 0 && memchr(".,;:)", word.ptr[word.len - 1], 5) != NULL)
			word.len--;
		length += space != NULL;
		mark = (struct str){word.ptr + word.len, length - word.len};
		if (may_name(word))
			word = pseudonym_of(x, word);
		line = arena_printf(
		    x->arena, "%.*s%.*s%.*s", STR_ARG(line), STR_ARG(word), STR_ARG(mark));
		sentence = (struct str){sentence.ptr + length, sentence.len - length};
	}
	return line;
}

static bool
is_one_of(struct str word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_is(word, words[i]))
			return true;
	return false;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Many digits, or letters, signs and marks that no word of the tool's own has. */
static bool
may_name(struct str word)
{
	size_t digits = 0;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		digits += c >= '0' && c <= '9';
		if (c < ' ' || c > '~' || memchr("<>&@=/\\+", c, 8) != NULL)
			return true;
	}
	return digits >= NUMBER_DIGITS || (word.len > 6 && str_begins(word, "wamid."));
}

static void
redact_activation(const struct redaction *x, struct report_activation *v)
{
	v->verdict = redact_word(x, v->verdict);
	for (size_t i = 0; i < v->reason_count; i++) {
		if (is_one_of(v->reasons[i].code, plain_reasons, COUNT(plain_reasons)))
			continue;
		v->reasons[i].code = redact_word(x, v->reasons[i].code);
		v->reasons[i].sentence = redact_sentence(x, v->reasons[i].sentence);
	}
}

/* The hash of a short text is found by trying texts. */
static void
redact_conflict(const struct redaction *x, struct report_conflict *c)
{
	c->wamid = pseudonym_of(x, c->wamid);
	c->fields = redact_word(x, c->fields);
	for (size_t i = 0; i < c->content_count; i++) {
		struct str *hash = &c->contents[i].sha256;
		struct sha256 h = keyed_hash(x, *hash);
		char hex[SHA256_HEX_BYTES];

		*hash = arena_copy(x->arena, str_of(sha256_hex(&h, hex)));
		c->contents[i].stream = redact_word(x, c->contents[i].stream);
	}
}

static void
redact_account_event(const struct redaction *x, struct report_account_event *event)
{
	struct str *words[] = {&event->event, &event->reason, &event->initiated_by};

	for (size_t i = 0; i < COUNT(words); i++)
		if (words[i]->ptr != NULL &&
		    !is_one_of(*words[i], account_words, COUNT(account_words)))
			*words[i] = pseudonym_of(x, *words[i]);
}

/* HMAC of one text. */
static struct sha256
keyed_hash(const struct redaction *x, struct str text)
{
	const struct str pieces[] = {text, STR_NULL};

	return hmac_sha256(sha256_str(x->key), pieces);
}

static void
redact_tallies(const struct redaction *x, struct report_tally *t, size_t count)
{
	for (size_t i = 0; i < count; i++)
		t[i].name = redact_word(x, t[i].name);
}
