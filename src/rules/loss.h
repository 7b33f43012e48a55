/*
 * Why a file is not here: the words of media_file.reason, and what they mean. None of them names a
 * person, a URL or a token.
 */
#ifndef RULES_LOSS_H
#define RULES_LOSS_H

#include "model/media.h"

struct loss_word {
	const char *word; /* NULL of LOSS_NONE */
	const char *meaning;
	bool has_answer; /* the code or status of the answer says more */
};

extern const struct loss_word loss_words[LOSS_COUNT];

/* What a word means; NULL for one that is not in the table. */
const char *loss_find_meaning(struct str word);

/* Of a file with a loss, in words: what the answer said where it said more. */
const char *loss_text(const struct media_file *f);

#endif
