/*
 * One request: see transfer.h. libcurl takes a cut body without a length for success and enforces
 * no limit on one, so bytes are counted here, while they arrive.
 */
#include <errno.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "graph/transfer.h"

/* An error, or a lookup; no answer of these is longer. */
#define BODY_MAX_BYTES ((size_t)64 << 10)

/* A lookup takes no longer in all. */
#define LOOKUP_TIMEOUTS 2

static bool
is_html(const struct transfer *t)
{
	const struct str *announced = &t->job->file->mime_type;
	const char *type = NULL;

	curl_easy_getinfo(t->wire.easy, CURLINFO_CONTENT_TYPE, &type);
	if (type == NULL || strncasecmp(type, "text/html", 9) != 0)
		return false;
	/* a customer may have sent a page */
	return announced->len < 9 || strncasecmp(announced->ptr, "text/html", 9) != 0;
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t wrote = write(fd, bytes, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return errno == 0 ? EIO : errno;
		bytes += wrote;
		len -= (size_t)wrote;
	}
	return 0;
}

static bool
is_beyond(const struct transfer *t)
{
	const struct job *job = t->job;

	/* of what was announced with its hash, that alone decides */
	if (!job->file->has_announced && job->found.size != MEDIA_NO_SIZE &&
	    t->size > job->found.size)
		return true;
	return (uint64_t)t->size > t->fetch->o->max_file_bytes;
}

static size_t
take_file(struct transfer *t, const char *bytes, size_t len)
{
	if (t->size == 0)
		t->is_html = is_html(t);
	t->size += (int64_t)len;
	t->is_too_long = is_beyond(t);
	if (t->is_html || t->is_too_long)
		return 0;
	t->io_error = write_all(t->job->file->fd, bytes, len);
	if (t->io_error != 0)
		return 0;
	sha256_add(t->hash, bytes, len);
	return len;
}

static size_t
take_bytes(char *bytes, size_t size, size_t count, void *state)
{
	struct transfer *t = state;
	long status = 0;

	curl_easy_getinfo(t->wire.easy, CURLINFO_RESPONSE_CODE, &status);
	if (t->job->step == GRAPH_DOWNLOAD && status >= 200 && status < 300)
		return take_file(t, bytes, size * count);
	buf_put(&t->body, bytes, size * count);
	if (buf_is_ok(&t->body))
		return count;
	/* what is behind an error's beginning is of no use; a lookup cannot be that long */
	t->is_cut = status >= 300;
	return 0;
}

static struct str
lookup_url(struct fetch *f, const struct job *job)
{
	struct str id = job->file->media_id, phone = f->o->phone_number_id, path;

	path = arena_printf(f->arena, "%.*s", STR_ARG(id));
	if (f->graph->options->provider->names_phone && provider_is_media_id(phone))
		path = arena_printf(
		    f->arena, "%.*s?phone_number_id=%.*s", STR_ARG(id), STR_ARG(phone));
	return client_url(f->graph, f->arena, path.ptr);
}

int
transfer_start(struct fetch *f, struct transfer *t, struct job *job, struct err *e)
{
	bool is_download = job->step == GRAPH_DOWNLOAD;

	if (is_download && shelf_begin(f->o->shelf, job->file, e) != 0)
		return -1;
	t->job = job;
	t->fetch = f;
	t->size = 0;
	t->is_html = t->is_too_long = t->is_cut = false;
	t->io_error = 0;
	t->hash = is_download ? sha256_begin() : NULL;
	t->started_ms = clock_monotonic_ms();
	buf_reset(&t->body);
	t->body.max = BODY_MAX_BYTES;
	job->file->tries++;
	if (!is_download || !f->graph->options->provider->has_lookup)
		job->file->asked_ms = t->started_ms;
	if (job->url != NULL)
		client_prepare(f->graph, &t->wire, job->url, job->is_base);
	else
		client_prepare(f->graph, &t->wire, lookup_url(f, job).ptr, true);
	curl_easy_setopt(t->wire.easy, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(t->wire.easy, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->wire.easy, CURLOPT_PRIVATE, t);
	if (!is_download)
		curl_easy_setopt(t->wire.easy, CURLOPT_TIMEOUT,
		    (long)f->graph->options->timeout_seconds * LOOKUP_TIMEOUTS);
	if (curl_multi_add_handle(f->multi, t->wire.easy) != CURLM_OK)
		return err_set(e, ERR_BUG, "libcurl does not take a request");
	f->running++;
	return 0;
}

void
transfer_end(struct transfer *t)
{
	curl_multi_remove_handle(t->fetch->multi, t->wire.easy);
	sha256_cancel(t->hash);
	t->hash = NULL;
	t->job = NULL;
	t->fetch->running--;
}
