/*
 * How the documents of a world are given: which runs of coexsync, with which options, get which
 * bytes. A pure function of the seed, the number of the variant and the documents; each document
 * is dealt with by its id, so that the others keep their fate when one is left out.
 */
#ifndef PROPERTY_VARIANT_H
#define PROPERTY_VARIANT_H

#include <stdbool.h>

#include "world.h"

/* Ways of a variant to be wild. What is taken away makes it simpler. */
enum wild {
	WILD_PROCESSES = 1, /* two at once */
	WILD_RUNS = 2, /* several, some of them without T */
	WILD_REPEATS = 4,
	WILD_MERGES = 8, /* several documents as one */
	WILD_SPLITS = 16,
	WILD_OPTIONS = 32, /* --batch-rows, --jobs */
	WILD_FILES = 64, /* a folder, arrays; else lines of one file */
	WILD_ORDER = 128,
	WILD_ALL = 255,
};

/* One call of coexsync ingest. */
struct ingest {
	struct list documents; /* struct str */
	int activation; /* for --onboarded-at, -1: without */
	unsigned batch_rows;
	unsigned jobs;
	bool is_folder; /* a file a document, or an array of some; else lines of one file */
	bool is_beside_next; /* runs at the same time as the one behind it */
};

struct plan {
	const char *as_of; /* of the export; NULL: none is made */
	struct list ingests; /* struct ingest */
};

/* All documents in order, in one file, one run a T, one writer. */
void variant_reference(struct arena *a, const struct world *w, struct plan *out);

void variant_make(
    struct arena *a, const struct world *w, unsigned number, unsigned wild, struct plan *out);

/* Does any of its documents belong to the business? Without one there is nothing usable. */
bool variant_names_account(const struct ingest *in);

/* Each item of the documents as a document of its own. */
void variant_take_apart(struct arena *a, const struct world *from, struct world *out);

#endif
