/*
 * INT and TERM: one flag, looked at between payloads and before retries.
 */
#include <signal.h>

#include "pipeline/pipeline.h"

static volatile sig_atomic_t caught_signal;

static void
remember(int number)
{
	caught_signal = number;
}

void
pipeline_catch_signals(void)
{
	/* no SA_RESTART: a reader that waits for input must wake up */
	struct sigaction action = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN); /* a lost connection is an error to handle, not a death */
}

int
pipeline_caught_signal(void)
{
	return caught_signal;
}
