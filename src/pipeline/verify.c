/*
 * coexsync verify: is the archive what it says? Without a database.
 */
#include <stdio.h>

#include "bundle/bundle.h"
#include "pipeline/pipeline.h"

static void
print_findings(const struct bundle_report *r)
{
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct bundle_finding *f = &r->findings[i];

		printf("%s  %.*s  %.*s\n", bundle_finding_name(f->code),
		    STR_ARG(f->member.len > 0 ? f->member : STR_LIT("-")), STR_ARG(f->text));
	}
	if (r->findings_total > r->finding_count)
		printf(
		    "and %ju findings more\n", (uintmax_t)(r->findings_total - r->finding_count));
}

static void
print_facts(const char *path, const struct bundle_report *r)
{
	char hex[SHA256_HEX_BYTES];

	printf("%s: %ju members, %ju bytes, sha256 of the tar %s\n", path, (uintmax_t)r->members,
	    (uintmax_t)r->payload_bytes, sha256_hex(&r->archive_sha256, hex));
	for (size_t i = 0; i < r->info_count; i++)
		printf("  %.*s: %.*s\n", STR_ARG(r->info[i].label), STR_ARG(r->info[i].value));
	if (r->has_signature)
		puts("A signature is there, tagmanifest-sha256.txt.sig. It was not checked.");
	if (r->findings_total > 0)
		return;
	puts("The members are those that the manifests name, byte for byte. Who can write the "
	     "file can\n"
	     "write new manifests too: compare the sha256 above with the one that was noted when "
	     "it was made.");
}

static int
verify_one(const char *path, struct err *e)
{
	struct arena *a = arena_new();
	struct bundle_report r;
	int rc = bundle_verify(a, path, &r, e);

	if (rc == 0) {
		print_findings(&r);
		print_facts(path, &r);
		if (r.findings_total > 0) {
			err_set(e, ERR_NO_USABLE_INPUT,
			    "%s: findings: %ju, the archive is not intact", path,
			    (uintmax_t)r.findings_total);
			rc = err_hint(e, BUNDLE_HINT_DAMAGED);
		} else
			printf("%s: intact\n", path);
	}
	arena_free(a);
	return rc;
}

int
pipeline_verify(const struct options *o, int *status, struct err *e)
{
	if (o->arg_count != 1)
		return err_set(e, ERR_USAGE, "verify takes one archive");
	*status = 0;
	return verify_one(o->args[0], e);
}
