/*
 * The commands. Each returns 0 and sets *status to the exit code (0, or 3: done, but some items
 * could not be used), or -1 and an error whose code says the exit code. Results go to stdout.
 */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "base/err.h"
#include "pipeline/options.h"

/* The exit code of "done, but these sources hold rejected items". */
#define STATUS_REJECTED 3

int pipeline_run(const struct options *o, int *status, struct err *e);
int pipeline_ingest(const struct options *o, int *status, struct err *e);
int pipeline_diff(const struct options *o, int *status, struct err *e);
int pipeline_inspect(const struct options *o, int *status, struct err *e);
int pipeline_replay(const struct options *o, int *status, struct err *e);
int pipeline_activation(const struct options *o, int *status, struct err *e);
int pipeline_reject(const struct options *o, int *status, struct err *e);
int pipeline_report(const struct options *o, int *status, struct err *e);
int pipeline_status(const struct options *o, int *status, struct err *e);
int pipeline_digest(const struct options *o, int *status, struct err *e);
int pipeline_export(const struct options *o, int *status, struct err *e);
int pipeline_verify(const struct options *o, int *status, struct err *e);
int pipeline_media(const struct options *o, int *status, struct err *e);
int pipeline_request(const struct options *o, int *status, struct err *e);
int pipeline_migrate(const struct options *o, int *status, struct err *e);
int pipeline_check(const struct options *o, int *status, struct err *e);

/* The exit code that an error means. */
int pipeline_exit_code(const struct err *e);

/* INT and TERM only set a flag, until the session ends; the second one ends the process. */
void pipeline_catch_signals(void);
void pipeline_release_signals(void);

/* The signal that came, or 0. */
int pipeline_caught_signal(void);

/* Has one come? As other rooms ask for it; the state is not looked at. */
bool pipeline_is_stopping(void *state);

/* If one came: whatever has failed, that is why, and this is how to go on. */
void pipeline_say_stopped(struct err *e);

#endif
