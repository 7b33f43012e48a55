/*
 * What json_text.h skips, against the plain reading of its sentences. For each way to compare a
 * block: test_base_json.c as the machine has it, test_base_words.c by words.
 */
#ifndef SKIP_SAMPLE_H
#define SKIP_SAMPLE_H

/* Against the plain reading of the sentence in json_text.h. */
static size_t
skip_slowly(const unsigned char *at, size_t len)
{
	size_t i = 0;

	while (i < len && at[i] >= 0x20 && at[i] < 0x80 && at[i] != '"' && at[i] != '\\')
		i++;
	return i;
}

static size_t
skip_letters_slowly(const unsigned char *at, size_t len)
{
	size_t i = 0;

	while (i < len && at[i] != '"' && at[i] != '\\')
		i++;
	return i;
}

/* One byte of every value at every place of the text; quotes stand around it. */
static void
skip_all_stops(unsigned char *at, size_t len, unsigned char filler)
{
	for (size_t i = 0; i < len * 256; i++) {
		size_t place = i / 256;

		memset(at, filler, len);
		at[place] = (unsigned char)(i % 256);
		if (json_skip_plain(at, at + len) != at + skip_slowly(at, len))
			fail_msg("byte %zu at %zu of %zu", i % 256, place, len);
		if (json_skip_letters((char *)at, (char *)at + len) !=
		    (char *)at + skip_letters_slowly(at, len))
			fail_msg("letter %zu at %zu of %zu", i % 256, place, len);
	}
}

/* Texts of all lengths up to two blocks and a bit, at every alignment. */
static void
test_skip_plain(void **state)
{
	static const unsigned char fillers[] = {0x20, '!', '#', '[', ']', 'a', 0x7F};
	unsigned char text[80];

	(void)state;
	for (size_t i = 0; i < sizeof(fillers) * 16; i++)
		for (size_t len = 0; len <= 42; len++) {
			memset(text, '"', sizeof(text));
			skip_all_stops(text + i % 16, len, fillers[i / 16]);
		}
}

/* Two neighbours of all values in one block: a borrow or carry must not leak. */
static void
test_skip_plain_neighbours(void **state)
{
	unsigned char text[JSON_BLOCK + 1];

	(void)state;
	for (unsigned pair = 0; pair < 65536; pair++)
		for (size_t place = 0; place < JSON_BLOCK - 1; place++) {
			memset(text, 'x', sizeof(text));
			text[place] = (unsigned char)(pair >> 8);
			text[place + 1] = (unsigned char)(pair & 0xFF);
			if (json_skip_plain(text, text + sizeof(text)) !=
			    text + skip_slowly(text, sizeof(text)))
				fail_msg("bytes %04x at %zu", pair, place);
		}
}

#endif
