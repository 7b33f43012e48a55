/*
 * The page: see metrics.h. Every metric is a gauge, for each run begins anew.
 */
#include <inttypes.h>
#include <string.h>

#include "model/time.h"
#include "report/metrics.h"
#include "rules/accounting.h"

#define LAST_SUCCESS "coexsync_last_success_timestamp_seconds"

static void
put_head(struct buf *out, const char *name, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void
put(struct buf *out, const char *name, const char *help, int64_t value)
{
	put_head(out, name, help);
	buf_printf(out, "%s %" PRId64 "\n", name, value);
}

static void
put_run(struct buf *out, const struct metrics *m)
{
	put_head(out, "coexsync_run_info", "The run that this page is about.");
	buf_printf(out,
	    "coexsync_run_info{command=\"%s\",run_id=\"%s\",version=\"" COEXSYNC_VERSION "\"} 1\n",
	    m->command, m->run_id);
	put(out, "coexsync_run_in_progress", "Whether the run goes on (1) or is over (0).",
	    m->is_in_progress);
	put(out, "coexsync_run_start_timestamp_seconds", "When the run began.",
	    m->started_at_us / SECOND_US);
	put(out, "coexsync_run_update_timestamp_seconds", "When this page was written.",
	    m->updated_at_us / SECOND_US);
	put_head(out, "coexsync_run_duration_seconds", "How long the run has taken so far.");
	buf_printf(out, "coexsync_run_duration_seconds %" PRId64 ".%03" PRId64 "\n",
	    m->duration_us / SECOND_US, m->duration_us / 1000 % 1000);
	if (!m->is_in_progress)
		put(out, "coexsync_run_exit_code", "The exit code of the run that is over.",
		    m->exit_code);
	put(out, LAST_SUCCESS, "When a run last ended with code 0 or 3; 0 if none has.",
	    m->last_success_s);
}

static void
put_figures(struct buf *out, const struct metrics *m)
{
	put_head(out, "coexsync_run_payloads", "Payloads of the run, by what they were.");
	buf_printf(out,
	    "coexsync_run_payloads{state=\"new\"} %" PRIu64
	    "\ncoexsync_run_payloads{state=\"known\"} %" PRIu64 "\n",
	    m->payloads - m->known, m->known);
	put(out, "coexsync_run_unusable_payloads", "Of these payloads, the unusable ones.",
	    (int64_t)m->unusable);
	put_head(out, "coexsync_run_messages", "Messages seen by the run, by what became of them.");
	for (int i = 0; i < OUTCOME_COUNT; i++)
		buf_printf(out, "coexsync_run_messages{outcome=\"%s\"} %" PRIu64 "\n",
		    accounting_names[i], m->counts.outcomes[i]);
	put(out, "coexsync_run_rejects", "Items of any kind that cannot be used.",
	    (int64_t)m->counts.rejects);
	put(out, "coexsync_run_read_bytes", "Bytes of the sources that were read.",
	    (int64_t)m->bytes_read);
	if (m->bytes_total > 0)
		put(out, "coexsync_run_source_bytes", "Bytes of all sources, where that is known.",
		    (int64_t)m->bytes_total);
}

void
metrics_put(struct buf *out, const struct metrics *m)
{
	put_run(out, m);
	put_figures(out, m);
}

int64_t
metrics_last_success(struct str page)
{
	static const char start[] = "\n" LAST_SUCCESS " ";
	const char *at = page.len == 0 ? NULL : memmem(page.ptr, page.len, start, strlen(start));
	const char *end = page.ptr + page.len;
	int64_t seconds = 0;

	if (at == NULL)
		return 0;
	/* a clock of 12 digits is one of the year 33658 */
	for (at += strlen(start); at < end && *at >= '0' && *at <= '9'; at++)
		if (seconds > INT64_C(100000000000))
			return 0;
		else
			seconds = seconds * 10 + (*at - '0');
	return at < end && *at == '\n' ? seconds : 0;
}
