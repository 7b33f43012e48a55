/*
 * coexsync report: what is there, what is missing, what to do, one report an account.
 */
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "pipeline/parts.h"
#include "pipeline/pipeline.h"
#include "report/redact.h"
#include "report/report.h"

/* What the environment says: the program itself takes the C locale for UTF-8. One that is not
 * installed is one of UTF-8, as nearly all are. */
static bool
is_locale_unicode(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool is_unicode =
	    locale == (locale_t)0 || strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;

	if (locale != (locale_t)0)
		freelocale(locale);
	return is_unicode;
}

/* Colours: if asked for, else on a terminal that has them, unless NO_COLOR is set. */
static bool
wants_color(const struct options *o, bool is_terminal)
{
	const char *no_color = getenv("NO_COLOR");

	if (o->color != COLOR_AUTO)
		return o->color == COLOR_ALWAYS;
	return is_terminal && (no_color == NULL || no_color[0] == '\0');
}

static struct report_style
style_of_stdout(const struct options *o)
{
	struct winsize size = {0};
	const char *term = getenv("TERM");
	bool is_terminal = isatty(STDOUT_FILENO) == 1;
	bool is_dumb = term != NULL && strcmp(term, "dumb") == 0;

	if (is_terminal)
		(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	return (struct report_style){
	    .columns = size.ws_col == 0 ? 80 : size.ws_col,
	    .is_unicode = is_locale_unicode() && !is_dumb,
	    .has_color = wants_color(o, is_terminal && !is_dumb),
	};
}

static int
write_page(const struct report *r, FILE *out, const char *name, struct err *e)
{
	const struct report_html_options options = {.is_archive = false};
	int rc;

	if (out == NULL)
		return err_sys(e, ERR_CANNOT_CREATE, "cannot create %s", name);
	rc = report_write_html(r, &options, out, e);
	if (fclose(out) != 0 && rc == 0)
		rc = err_sys(e, ERR_IO, "cannot write %s", name);
	return rc;
}

/* Whoever looks at the page meanwhile sees the old one; a pipe, a device or a link stays
 * what it is. */
static int
write_html(const struct report *r, const char *path, struct err *e)
{
	struct stat st;
	char *page = NULL;
	size_t size = 0;
	int rc;

	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_page(r, fopen(path, "we"), path, e);
	rc = write_page(r, open_memstream(&page, &size), path, e);
	if (rc == 0)
		rc = file_replace(path, (struct str){page, size}, e);
	free(page);
	return rc;
}

static int
write_report(const struct report *r, const struct options *o, struct err *e)
{
	struct report_style style = style_of_stdout(o);

	if (o->html != NULL)
		return write_html(r, o->html, e);
	return o->is_json ? report_write_json(r, stdout, e)
			  : report_write_terminal(r, &style, stdout, e);
}

/* Of one account. */
static int
read_report(
    struct session *s, const struct options *o, struct str account, struct report *r, struct err *e)
{
	const struct report_query query = {account, o->as_of, false};
	struct sha256 key;

	if (store_read_report(s->store, s->arena, &query, r, e) != 0)
		return -1;
	r->dbname = o->conninfo == NULL ? STR_NULL : str_of(o->conninfo);
	r->is_embedded = o->is_embedded;
	r->embedded_dir = o->embedded_dir == NULL ? STR_NULL : str_of(o->embedded_dir);
	if (!o->redacts)
		return 0;
	if (store_read_pseudonym_key(s->store, &key, e) != 0)
		return -1;
	report_redact(s->arena, r, &key);
	return 0;
}

/* The page itself is made when it can be filled. */
int
report_check(const struct options *o, struct err *e)
{
	const char *slash = o->html == NULL ? NULL : strrchr(o->html, '/');
	char folder[PATH_MAX];
	struct stat st;
	bool is_there;

	if (o->html == NULL)
		return 0;
	if (strcmp(o->html, "-") == 0)
		return err_set(e, ERR_USAGE, "--html: - is no name of a file");
	if (o->output != NULL && strcmp(o->html, o->output) == 0)
		return err_set(e, ERR_USAGE, "-o and --html name one file: %s", o->html);
	is_there = stat(o->html, &st) == 0;
	if (is_there && S_ISDIR(st.st_mode))
		return err_set(e, ERR_CANNOT_CREATE, "cannot create %s: it is a folder", o->html);
	/* a pipe, a device or what a link leads to is written where it is */
	if (is_there && lstat(o->html, &st) == 0 && !S_ISREG(st.st_mode))
		return access(o->html, W_OK) == 0
			   ? 0
			   : err_sys(e, ERR_CANNOT_CREATE, "cannot write %s", o->html);
	snprintf(folder, sizeof(folder), "%.*s",
	    slash == NULL ? 1 : (int)(slash - o->html) + (slash == o->html),
	    slash == NULL ? "." : o->html);
	return access(folder, W_OK | X_OK) == 0
		   ? 0
		   : err_sys(e, ERR_CANNOT_CREATE, "cannot create %s", o->html);
}

int
report_accounts(struct session *s, const struct options *o, struct err *e)
{
	struct list names;

	if (session_accounts(s, o, &names, e) != 0)
		return -1;
	if (o->html != NULL && names.count > 1) {
		err_set(e, ERR_USAGE,
		    s->has_given ? "what was given is of %zu accounts, a page is of one"
				 : "the database holds %zu accounts, a page is of one",
		    names.count);
		return err_hint(e, "name one with --account; coexsync status lists them");
	}
	if (o->html != NULL && names.count == 0) {
		err_set(e, ERR_NO_INPUT, "no account yet, so nothing to make a page of");
		return err_hint(e, "import something that names a business number first");
	}
	for (size_t i = 0; i < names.count; i++) {
		struct report r;

		if (read_report(s, o, *(struct str *)names.items[i], &r, e) != 0 ||
		    write_report(&r, o, e) != 0)
			return -1;
	}
	if (names.count == 0 && !o->is_json)
		printf("no account%s: nothing was imported that names a business number, or it "
		       "names others than --account did\n",
		    s->has_given ? "" : " yet");
	return 0;
}

int
pipeline_report(const struct options *o, int *status, struct err *e)
{
	struct session session = {0};
	int rc;

	if (o->is_json && o->html != NULL)
		return err_set(e, ERR_USAGE, "--json and --html are two forms: give one of them");
	if (report_check(o, e) != 0 || session_open(&session, o, e) != 0)
		return -1;
	*status = 0;
	rc = report_accounts(&session, o, e);
	return session_close(&session, rc, e);
}
