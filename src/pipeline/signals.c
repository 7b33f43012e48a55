/*
 * INT and TERM: one flag, looked at between payloads and before retries. See pipeline.h.
 */
#include <signal.h>
#include <stdatomic.h>

#include "pipeline/pipeline.h"

static atomic_int caught_signal; /* read by all threads */

/* The second one, of either kind, ends the process. */
static void
remember(int number)
{
	caught_signal = number;
	pipeline_release_signals();
}

void
pipeline_catch_signals(void)
{
	/* no SA_RESTART: who waits for input or a pipe must wake up */
	struct sigaction action = {.sa_handler = remember};

	if (caught_signal != 0)
		return;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

void
pipeline_release_signals(void)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

int
pipeline_exit_code(const struct err *e)
{
	switch (e->code) {
	case ERR_INTERRUPTED:
		return 128 + (caught_signal == 0 ? SIGINT : caught_signal);
	case ERR_RETRY: /* whoever gave up knew no better */
		return ERR_TEMPORARY;
	case ERR_INPUT:
		return ERR_BUG;
	default:
		return (int)e->code;
	}
}

int
pipeline_caught_signal(void)
{
	return caught_signal;
}

bool
pipeline_is_stopping(void *state)
{
	(void)state;
	return caught_signal != 0;
}

void
pipeline_say_stopped(struct err *e)
{
	if (caught_signal == 0)
		return;
	err_set(e, ERR_INTERRUPTED, "stopped; what was committed stays");
	err_hint(e, "the same command goes on where this one stopped");
}
