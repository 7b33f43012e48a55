/*
 * See keeper.h. The group grows with what arrives while the one before is on its way to the disk.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "pipeline/keeper.h"
#include "rules/loss.h"
#include "rules/text.h"

#define GROUP_FILES 64
#define HEARTBEAT_MS 5000
/* Each may hold a descriptor open; the usual limit of them is 1024. */
#define QUEUE_FILES 256
#define NAMED_ID_BYTES 80
/* A name of the DNS has 253 at most; a port. */
#define NAMED_HOST_BYTES 260

struct keeper {
	struct keeper_options o;
	struct media_counts *counts;
	struct arena *arena;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t has_files;
	pthread_cond_t has_room;
	struct media_file *queue[QUEUE_FILES];
	size_t first;
	size_t count;
	bool is_ending;
	bool has_failed;
	struct err error;
};

/* A run that is silent for minutes counts as dead. A beat that fails does no harm: more follow. */
static void
beat(struct keeper *k)
{
	struct err ignored;

	pthread_mutex_unlock(&k->lock);
	(void)store_beat_run(k->o.store, &k->o.run, STR_NULL, &ignored);
	pthread_mutex_lock(&k->lock);
}

static size_t
take_group(struct keeper *k, struct media_file **group)
{
	struct timespec until;
	size_t count = 0;

	pthread_mutex_lock(&k->lock);
	while (k->count == 0 && !k->is_ending) {
		until = clock_after_ms(HEARTBEAT_MS);
		if (pthread_cond_timedwait(&k->has_files, &k->lock, &until) == ETIMEDOUT)
			beat(k);
	}
	for (; count < GROUP_FILES && k->count > 0; k->count--) {
		group[count++] = k->queue[k->first];
		k->first = (k->first + 1) % QUEUE_FILES;
	}
	pthread_cond_signal(&k->has_room);
	pthread_mutex_unlock(&k->lock);
	return count;
}

static int
write_rows(struct keeper *k, struct media_file **group, size_t count, struct err *e)
{
	const struct media_group written = {&k->o.run, k->o.account_id, group, count};
	unsigned tries = 0;

	while (store_write_media_files(k->o.store, &written, e) != 0)
		if (!store_may_retry(k->o.store, &tries, e))
			return -1;
	while (store_beat_run(k->o.store, &k->o.run, STR_NULL, e) != 0)
		if (!store_may_retry(k->o.store, &tries, e))
			return -1;
	return 0;
}

/* Ids and hosts come out of payloads. */
static struct str
clean(struct keeper *k, struct str text, size_t most)
{
	return text_printable(k->arena, arena_printf(k->arena, "%.*s", STR_ARG(text)), most);
}

static void
name_failure(struct keeper *k, const struct media_file *f)
{
	const char *outcome = store_media_outcome(f->outcome);
	struct str id, host = STR_LIT("");

	if (f->loss == LOSS_NONE)
		return;
	arena_reset(k->arena);
	id = clean(k, f->media_id, NAMED_ID_BYTES);
	if (f->loss == LOSS_HOST_NOT_ALLOWED) {
		host = clean(k, f->host, NAMED_HOST_BYTES);
		host = arena_printf(k->arena, ": %.*s", STR_ARG(host));
	}
	if ((f->outcome != MEDIA_FAILED || f->is_denied) && k->counts->named++ < KEEPER_NAMED_FILES)
		log_warn(
		    "file %.*s: %s: %s%.*s", STR_ARG(id), outcome, loss_text(f), STR_ARG(host));
	else
		log_verbose(
		    "file %.*s: %s: %s%.*s", STR_ARG(id), outcome, loss_text(f), STR_ARG(host));
}

static void
count(struct keeper *k, const struct media_file *f)
{
	struct media_counts *c = k->counts;

	c->outcomes[f->outcome]++;
	c->was_here += f->was_here;
	c->denied += f->is_denied;
	if (f->is_here && !f->was_here)
		c->bytes += (uint64_t)f->size_bytes;
	name_failure(k, f);
}

static void *
keep(void *state)
{
	struct keeper *k = state;
	struct media_file *group[GROUP_FILES];
	struct err e;
	size_t taken;

	while ((taken = take_group(k, group)) > 0) {
		if (shelf_keep(k->o.shelf, group, taken, &e) != 0 ||
		    write_rows(k, group, taken, &e) != 0)
			break;
		for (size_t i = 0; i < taken; i++)
			count(k, group[i]);
	}
	if (taken == 0)
		return NULL;
	pthread_mutex_lock(&k->lock);
	k->has_failed = true;
	k->error = e;
	pthread_cond_signal(&k->has_room);
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

static void
release(struct keeper *k)
{
	pthread_cond_destroy(&k->has_files);
	pthread_cond_destroy(&k->has_room);
	pthread_mutex_destroy(&k->lock);
	arena_free(k->arena);
	free(k);
}

struct keeper *
keeper_start(const struct keeper_options *o, struct media_counts *counts, struct err *e)
{
	struct keeper *k = memory_zero(1, sizeof(*k));

	k->o = *o;
	k->counts = counts;
	k->arena = arena_new();
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->has_files, NULL);
	pthread_cond_init(&k->has_room, NULL);
	if (thread_start(&k->thread, keep, k, e) == 0)
		return k;
	release(k);
	return NULL;
}

int
keeper_put(void *keeper, struct media_file *f, struct err *e)
{
	struct keeper *k = keeper;
	int rc = -1;

	pthread_mutex_lock(&k->lock);
	while (k->count == QUEUE_FILES && !k->has_failed)
		pthread_cond_wait(&k->has_room, &k->lock);
	if (k->has_failed) {
		*e = k->error;
	} else {
		k->queue[(k->first + k->count++) % QUEUE_FILES] = f;
		pthread_cond_signal(&k->has_files);
		rc = 0;
	}
	pthread_mutex_unlock(&k->lock);
	return rc;
}

int
keeper_end(struct keeper *k, struct err *e)
{
	int rc;

	pthread_mutex_lock(&k->lock);
	k->is_ending = true;
	pthread_cond_signal(&k->has_files);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	rc = k->has_failed ? -1 : 0;
	if (rc != 0)
		*e = k->error;
	release(k);
	return rc;
}
