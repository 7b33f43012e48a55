/*
 * The same payloads give the same facts and the same judgements, in whatever order, however often,
 * split, merged, batched, spread over runs and processes. Each case makes a world (world.h), gives
 * it once in order and then in several other ways (variant.h), and compares (outcome.h). What
 * fails is made as small as it goes (shrink.h).
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shrink.h"

#include "../tools/prng.h"

#define MAX_WORKERS 16
#define MAX_FAILURES 3 /* of one worker: then it gives up */

struct options {
	struct place_options place;
	uint64_t cases;
	uint64_t seed;
	unsigned workers;
	const char *fail_on;
	const char *keep; /* folder in which failures are kept */
	const char *again; /* folder of one that was kept */
};

static int
report_failure(
    struct arena *a, const struct options *o, struct trial t, struct world *w, struct err *e)
{
	uint64_t seed = w->seed;
	struct str folder = arena_printf(a, "%s/seed-%" PRIu64, o->keep, seed);
	size_t documents = w->documents.count;

	if (access(folder.ptr, F_OK) == 0)
		folder = arena_printf(a, "%s.%ld", folder.ptr, (long)time(NULL));
	if (trial_run(a, &t, w, e) != 0)
		return -1;
	if (t.said.ptr == NULL) {
		printf("not ok seed %" PRIu64 " variant %u: failed once and not again\n", seed,
		    t.variant);
		return 0;
	}
	printf("not ok seed %" PRIu64 " variant %u, %zu documents\n%.*s", seed, t.variant,
	    documents, STR_ARG(t.said));
	fflush(stdout);
	if (trial_shrink(a, &t, w, e) != 0 || trial_run(a, &t, w, e) != 0 ||
	    trial_keep(a, folder.ptr, &t, w, e) != 0)
		return -1;
	printf("shrunk to %zu documents, wild %u: %s/again.sh\n%.*s", w->documents.count, t.wild,
	    folder.ptr, STR_ARG(t.said));
	fflush(stdout);
	return 0;
}

/*
 * Which outcomes of a case have an export. It costs most of the time and says what follows from the
 * facts: so every case compares the facts of all variants, five of eight the judgements, too.
 */
enum exports { EXPORT_ALL, EXPORT_LAST, EXPORT_NONE };

static enum exports
exports_of(uint64_t seed)
{
	uint64_t drawn = prng_mix(seed) / 8 % 8;

	return drawn == 0 ? EXPORT_ALL : drawn < 5 ? EXPORT_LAST : EXPORT_NONE;
}

/* The reference once, two or three variants against it. 1: one differs. */
static int
run_variants(
    struct arena *a, const struct options *o, struct trial *t, struct world *w, struct err *e)
{
	unsigned count = prng_mix(w->seed) % 8 == 0 ? 3 : 2;
	enum exports exports = exports_of(w->seed);
	struct outcome reference, variant;
	struct plan plan;

	if (o->fail_on != NULL) {
		if (trial_run(a, t, w, e) != 0)
			return -1;
		return t->said.ptr != NULL;
	}
	variant_reference(a, w, &plan);
	if (exports == EXPORT_NONE)
		plan.as_of = NULL;
	if (outcome_of(a, t->place, &plan, &reference, e) != 0)
		return -1;
	for (; t->variant < count; t->variant++) {
		variant_make(a, w, t->variant, t->wild, &plan);
		if (exports == EXPORT_NONE || (exports == EXPORT_LAST && t->variant + 1 < count))
			plan.as_of = NULL;
		if (outcome_of(a, t->place, &plan, &variant, e) != 0)
			return -1;
		if (outcome_compare(a, &reference, &variant).ptr != NULL)
			return 1;
	}
	return 0;
}

static int
run_case(const struct options *o, struct place *p, uint64_t seed, struct err *e)
{
	struct arena *a = arena_new();
	struct trial t = {.place = p, .fail_on = o->fail_on, .wild = WILD_ALL};
	struct world w;
	int rc;

	world_make(a, seed, &w);
	rc = run_variants(a, o, &t, &w, e);
	if (rc == 1 && report_failure(a, o, t, &w, e) != 0)
		rc = -1;
	arena_free(a);
	return rc;
}

/* Every workers-th case. Gives the exit code of the worker. */
static int
work(const struct options *o, unsigned worker)
{
	struct err e = {0};
	struct place_options place = o->place;
	struct place *p = NULL;
	unsigned failures = 0;
	int rc = 0;

	place.worker = worker;
	if (o->fail_on == NULL && (p = place_open(&place, &e)) == NULL)
		rc = -1;
	for (uint64_t i = worker; rc >= 0 && i < o->cases && failures < MAX_FAILURES;
	     i += o->workers) {
		rc = run_case(o, p, o->seed + i, &e);
		if (i % 100 >= 100 - o->workers && worker == 0)
			fprintf(stderr, "property: case %" PRIu64 "\n", i + 1);
		failures += rc > 0;
		if (rc < 0)
			printf("not ok seed %" PRIu64 "\n", o->seed + i);
	}
	if (rc < 0)
		printf("not ok property: %s\n", e.text);
	if (p != NULL)
		place_say_times(p);
	place_close(p);
	fflush(stdout);
	return rc < 0 ? ERR_BUG : failures > 0;
}

static int
run_workers(const struct options *o)
{
	pid_t pids[MAX_WORKERS];
	int status, rc = 0;

	fflush(stdout);
	for (unsigned i = 0; i < o->workers; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(work(o, i));
		if (pids[i] < 0) {
			perror("fork");
			rc = ERR_BUG;
		}
	}
	for (unsigned i = 0; i < o->workers; i++) {
		if (pids[i] < 0)
			continue;
		while (waitpid(pids[i], &status, 0) < 0 && errno == EINTR)
			;
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			rc = WIFEXITED(status) ? WEXITSTATUS(status) : ERR_BUG;
	}
	if (rc == 0)
		printf("ok property: %" PRIu64 " cases from seed %" PRIu64 "\n", o->cases, o->seed);
	return rc;
}

static int
run_again(const struct options *o)
{
	struct arena *a = arena_new();
	struct err e = {0};
	struct trial t = {0};
	struct world w;
	int rc = ERR_BUG;

	if (trial_load(a, o->again, &t, &w, &e) != 0)
		goto out;
	if (t.fail_on == NULL && (t.place = place_open(&o->place, &e)) == NULL)
		goto out;
	if (trial_run(a, &t, &w, &e) != 0)
		goto out;
	rc = t.said.ptr != NULL;
	if (rc == 0)
		puts("no difference");
	else
		printf("%.*s", STR_ARG(t.said));
out:
	if (rc == ERR_BUG)
		fprintf(stderr, "property: %s\n", e.text);
	place_close(t.place);
	arena_free(a);
	return rc;
}

static void
make_folders(const struct options *o)
{
	/* one that is missing is seen when a failure is to be kept */
	(void)mkdir("build", 0755);
	(void)mkdir(o->keep, 0755);
}

static int
usage(void)
{
	fputs("usage: property [--cases N] [--seed N] [--workers N] [--through HOST:PORT]\n"
	      "           [--coexsync PROGRAM] [--folder tests/property] [--keep DIR]\n"
	      "           [--fail-on edit-and-target] | --again DIR\n"
	      "PGHOST, PGPORT, PGUSER: the server, in which databases property_N are made. With\n"
	      "--through only coexsync goes another way to it.\n",
	    stderr);
	return ERR_USAGE;
}

static const struct option option_table[] = {{"cases", required_argument, NULL, 'c'},
    {"seed", required_argument, NULL, 's'}, {"workers", required_argument, NULL, 'w'},
    {"through", required_argument, NULL, 't'}, {"coexsync", required_argument, NULL, 'x'},
    {"folder", required_argument, NULL, 'd'}, {"keep", required_argument, NULL, 'k'},
    {"fail-on", required_argument, NULL, 'f'}, {"again", required_argument, NULL, 'a'},
    {NULL, 0, NULL, 0}};

/* False for an option that there is not. */
static bool
take_option(struct options *o, int option, const char *value)
{
	char *end = (char *)(uintptr_t) "";
	const char **texts[] = {['t'] = &o->place.through,
	    ['x'] = &o->place.coexsync,
	    ['d'] = &o->place.folder,
	    ['k'] = &o->keep,
	    ['f'] = &o->fail_on,
	    ['a'] = &o->again};

	if (option == 'c')
		o->cases = strtoull(value, &end, 10);
	else if (option == 's')
		o->seed = strtoull(value, &end, 10);
	else if (option == 'w')
		o->workers = (unsigned)strtoul(value, &end, 10);
	else if (option == '?')
		return false;
	else
		*texts[option] = value;
	return *end == '\0';
}

int
main(int argc, char **argv)
{
	struct options o = {.place = {.coexsync = "build/coexsync", .folder = "tests/property"},
	    .cases = 1000,
	    .seed = prng_mix((uint64_t)time(NULL) * 65536 + (uint64_t)getpid()) % 1000000000,
	    .workers = 2,
	    .keep = "build/property"};
	bool is_fine = true;
	int option;

	while ((option = getopt_long(argc, argv, "", option_table, NULL)) != -1)
		is_fine = is_fine && take_option(&o, option, optarg);
	if (!is_fine || optind != argc || o.workers < 1 || o.workers > MAX_WORKERS)
		return usage();
	if (o.again != NULL)
		return run_again(&o);
	make_folders(&o);
	printf("property: %" PRIu64 " cases, seed %" PRIu64 "\n", o.cases, o.seed);
	return run_workers(&o);
}
