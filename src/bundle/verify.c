/*
 * Verifying an audit archive, as a list of calls: scan, judge, report. See bundle.h.
 */
#include "bundle/bag.h"
#include "bundle/bundle.h"
#include "bundle/findings.h"
#include "bundle/judge.h"
#include "bundle/scan.h"

static void count_entries(const struct bundle_scan *s, struct bundle_report *report);

int
bundle_verify(struct arena *a, const char *path, struct bundle_report *out, struct err *e)
{
	struct bundle_scan scan;
	int rc = -1;

	*out = (struct bundle_report){0};
	if (bundle_scan_archive(path, &scan, e) != 0)
		goto out;
	out->archive_sha256 = scan.archive_sha256;
	out->archive_bytes = scan.archive_bytes;
	count_entries(&scan, out);
	if (scan.overlong.ptr == NULL)
		bundle_judge(a, &scan, out);
	else
		bundle_add_finding(a, out, BUNDLE_NOT_CANONICAL, scan.overlong,
		    STR_LIT("its name is longer than any that is written; what follows it was not "
			    "looked at"));
	rc = 0;
out:
	bundle_scan_free(&scan);
	return rc;
}

const char *
bundle_finding_name(enum bundle_finding_code code)
{
	static const char *const names[] = {
	    [BUNDLE_ALTERED] = "altered",
	    [BUNDLE_MISSING] = "missing",
	    [BUNDLE_EXTRA] = "extra",
	    [BUNDLE_RENAMED] = "renamed",
	    [BUNDLE_DUPLICATED] = "duplicated",
	    [BUNDLE_LINKED] = "linked",
	    [BUNDLE_NOT_CANONICAL] = "not_canonical",
	    [BUNDLE_BAD_BAG] = "bad_bag",
	};

	return names[code];
}

void
bundle_add_finding(struct arena *a, struct bundle_report *report, enum bundle_finding_code code,
    struct str member, struct str text)
{
	report->findings_total++;
	if (report->findings == NULL)
		report->findings = arena_zero(a, BUNDLE_MAX_FINDINGS, sizeof(*report->findings));
	if (report->finding_count == BUNDLE_MAX_FINDINGS)
		return;
	report->findings[report->finding_count++] =
	    (struct bundle_finding){code, bundle_printable(a, member), text};
}

static void
count_entries(const struct bundle_scan *s, struct bundle_report *report)
{
	report->members = s->entries.count;
	for (size_t i = 0; i < s->entries.count; i++) {
		const struct bundle_entry *entry = s->entries.items[i];

		if (bundle_name_is_payload(entry->name))
			report->payload_bytes += entry->size_bytes;
		if (str_is(entry->name, BAG_SIGNATURE_NAME))
			report->has_signature = true;
	}
}
