/*
 * The customer that mkpayloads invents: people, texts, ids. Everything is a pure
 * function of the seed and an index, so a message can be told again at any time
 * (as a repetition, a follow-up, the target of a reply) without being remembered.
 */
#ifndef TOOLS_MADE_UP_H
#define TOOLS_MADE_UP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#include "made_up_file.h"
#include "prng.h"

#define BUSINESS_PHONE "15550000001"
#define PHONE_NUMBER_ID "109000000000001"
#define WABA_ID "209000000000001"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* What a number is drawn for: distinct aspects of one index must not depend on each other. */
enum aspect {
	OF_THREAD,
	OF_KIND,
	OF_DIRECTION,
	OF_TIME,
	OF_KEY,
	OF_TEXT,
	OF_MEDIA,
	OF_HASH,
	OF_STATUS,
	OF_REPLY,
	OF_REPEAT,
	OF_FOLLOWUP,
	OF_NAME,
	OF_COUNT
};

static inline uint64_t
made_up_draw(uint64_t seed, uint64_t index, enum aspect aspect)
{
	return prng_mix(prng_mix(seed * OF_COUNT + aspect) ^ index);
}

/* Of the thread: 1555 and seven digits, never the business number. */
#define PHONE_SIZE 12
static inline void
made_up_phone(uint64_t seed, uint32_t thread, char out[PHONE_SIZE])
{
	/* 7919 has no divisor in common with 7,000,000: distinct threads, distinct numbers */
	uint64_t n = (seed + (uint64_t)thread * 7919) % 7000000;

	snprintf(out, PHONE_SIZE, "1555%07u", (unsigned)(2000000 + n));
}

static inline void
made_up_base64(struct buf *b, const unsigned char *bytes, size_t len)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t have = len - i < 3 ? len - i : 3;
		uint32_t group = (uint32_t)bytes[i] << 16;

		if (have > 1)
			group |= (uint32_t)bytes[i + 1] << 8;
		if (have > 2)
			group |= bytes[i + 2];
		buf_put_char(b, digits[group >> 18]);
		buf_put_char(b, digits[group >> 12 & 63]);
		buf_put_char(b, have > 1 ? digits[group >> 6 & 63] : '=');
		buf_put_char(b, have > 2 ? digits[group & 63] : '=');
	}
}

/* Upper hex: 20 digits as phones of one make have them, or 32 of the other. Unique per index. */
#define KEY_SIZE 33
static inline size_t
made_up_key(uint64_t seed, uint64_t index, char out[KEY_SIZE])
{
	uint64_t unique = prng_mix(index + prng_mix(seed));
	uint64_t rest = made_up_draw(seed, index, OF_KEY);

	if (rest % 2 == 0)
		return (size_t)snprintf(out, KEY_SIZE, "3A%016llX%02X", (unsigned long long)unique,
		    (unsigned)(rest >> 8 & 0xff));
	return (size_t)snprintf(out, KEY_SIZE, "AC%016llX%014llX", (unsigned long long)unique,
	    (unsigned long long)(rest >> 8));
}

/* The Thrift-compact structure of rules/wamid.c: who, by number or user id, whose, which key. */
static inline void
made_up_wamid_of(
    struct buf *b, const char *user, bool is_user_id, bool is_outbound, const char *key)
{
	unsigned char bytes[128];
	size_t user_len = strlen(user), key_len = strlen(key), at = 0;

	bytes[at++] = 0x1c;
	bytes[at++] = 0x18;
	bytes[at++] = (unsigned char)user_len;
	memcpy(bytes + at, user, user_len);
	at += user_len;
	bytes[at++] = 0x15;
	bytes[at++] = is_user_id ? 0x14 : 0x02;
	bytes[at++] = 0x00;
	bytes[at++] = is_outbound ? 0x11 : 0x12;
	bytes[at++] = 0x18;
	bytes[at++] = (unsigned char)key_len;
	memcpy(bytes + at, key, key_len);
	at += key_len;
	bytes[at++] = 0;
	buf_put_text(b, "wamid.");
	made_up_base64(b, bytes, at);
}

/* Of a message of the thread, scoped by its phone. */
static inline void
made_up_wamid(struct buf *b, uint64_t seed, uint32_t thread, bool is_outbound, uint64_t index)
{
	char phone[PHONE_SIZE], key[KEY_SIZE];

	made_up_phone(seed, thread, phone);
	made_up_key(seed, index, key);
	made_up_wamid_of(b, phone, false, is_outbound, key);
}

/* What is announced as the SHA-256 of a file that is nowhere: base64 or hex, as both occur. */
static inline void
made_up_sha256(struct buf *b, uint64_t seed, uint64_t index)
{
	uint64_t state = made_up_draw(seed, index, OF_HASH);
	uint64_t words[4];

	for (size_t i = 0; i < COUNT_OF(words); i++)
		words[i] = prng_next(&state);
	if (state % 2 == 0) {
		unsigned char bytes[32];

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (unsigned char)(words[i / 8] >> (i % 8 * 8));
		made_up_base64(b, bytes, sizeof(bytes));
		return;
	}
	for (size_t i = 0; i < COUNT_OF(words); i++)
		buf_printf(b, "%016llx", (unsigned long long)words[i]);
}

/* The same of a file that fakegraph serves. */
static inline void
made_up_file_sha256(struct buf *b, const char *media_id)
{
	struct made_up_file file = made_up_file(media_id, 0);
	char hex[SHA256_HEX_BYTES];

	if (file.sha256.bytes[0] % 2 == 0)
		made_up_base64(b, file.sha256.bytes, SHA256_BYTES);
	else
		buf_put_text(b, sha256_hex(&file.sha256, hex));
	free(file.bytes);
}

/* Names and phrases stand as between the quotes of a JSON string, escapes included. */
static const char *const first_names[] = {"Arvelle", "Bronwi", "Zo\\u00eb", "Cazimo", "Dorrit",
    "Fenna \\ud83c\\udf3b", "ليلى", "Ilvar", "דניאל", "Jorunn", "Kestrel 🪁", "Łucjan", "Mirelle",
    "Ñusta", "Oswin", "ปรียา", "Quillon", "Renzo \\\"Ren\\\"", "Søren", "Tamsin", "小雨", "Ygritte",
    "Ünal", "Whit\\/Wim"};

static const char *const last_names[] = {"Abernesh", "Bellweth", "Corrigal", "D'Arvenne",
    "Estermont", "Fjördgaard", "الورد", "Haldane-Voss", "Ibarrola", "כהן", "Kjell\\u00e5s",
    "Lumi\\u00e8re", "Marr & Co.", "Nightjar", "Okonjo \\ud83c\\udf88", "Pemberlin", "<Quade>"};

static const char *const phrases[] = {"good morning", "is it still available?", "thank you so much",
    "see you at the counter", "caf\\u00e9 cr\\u00e8me, as always",
    "two boxes of the blue ones, please", "\\ud83d\\ude80 it is on its way", "😀👍🏽",
    "first line\\nsecond line", "she said \\\"maybe\\\"", "C:\\\\offers\\\\spring",
    "https:\\/\\/shop.example\\/item?id=7&x=%20", "شكرا جزيلا", "מה שלומך", "\\u200fשלום\\u200e",
    "one\\ttab", "ありがとうございます", "👩‍👩‍👧", "1 < 2 & 3 > 2",
    "'; DROP TABLE message; --", "<b>not bold</b>", "100 % cotton", "naïve façade", "e\\u0301",
    "\\r\\n- milk\\r\\n- bread", "can you hold it until Friday?",
    "I will ask my sister and tell you", "the parcel came with a dent, but all is well inside",
    "ok", "no worries", "we open at nine and close at half past six", "\\u2028what a day",
    "which size do you need?"};

/* The name of a person; `edition` 1 is what the address book calls them after an edit. */
static inline void
made_up_name(struct buf *b, uint64_t seed, uint32_t thread, unsigned edition)
{
	uint64_t drawn = made_up_draw(seed, thread, OF_NAME);

	buf_put_text(b, first_names[drawn % COUNT_OF(first_names)]);
	buf_put_char(b, ' ');
	buf_put_text(b, last_names[((drawn >> 16) + edition) % COUNT_OF(last_names)]);
}

static inline void
made_up_first_name(struct buf *b, uint64_t seed, uint32_t thread)
{
	buf_put_text(b, first_names[made_up_draw(seed, thread, OF_NAME) % COUNT_OF(first_names)]);
}

/* One to four phrases and a number. */
static inline void
made_up_text(struct buf *b, uint64_t seed, uint64_t index)
{
	uint64_t state = made_up_draw(seed, index, OF_TEXT);
	uint64_t count = 1 + prng_next(&state) % 4;

	for (uint64_t i = 0; i < count; i++) {
		buf_put_text(b, phrases[prng_next(&state) % COUNT_OF(phrases)]);
		buf_put_char(b, ' ');
	}
	buf_printf(b, "#%llu", (unsigned long long)index);
}

#endif
