/*
 * See address.h.
 */
#include <stddef.h>
#include <string.h>

#include "base/count.h"
#include "rules/address.h"

struct block {
	unsigned char prefix[16];
	unsigned bits;
};

static const struct block blocks4[] = {
    {{0}, 8}, {{10}, 8}, {{100, 64}, 10}, {{127}, 8}, {{169, 254}, 16}, {{172, 16}, 12},
    {{192, 0, 0}, 24}, {{192, 0, 2}, 24}, {{192, 88, 99}, 24}, {{192, 168}, 16}, {{198, 18}, 15},
    {{198, 51, 100}, 24}, {{203, 0, 113}, 24}, {{224}, 3}, /* multicast and all behind it */
};

static const struct block blocks6[] = {
    {{0}, 96}, /* unspecified, loopback, and IPv4 without a word */
    {{0x01, 0}, 64}, /* discard */
    {{0x20, 0x01, 0x00}, 23}, /* Teredo and other special uses */
    {{0x20, 0x01, 0x0d, 0xb8}, 32},
    {{0xfc}, 7},
    {{0xfe, 0x80}, 10},
    {{0xfe, 0xc0}, 10},
    {{0xff}, 8},
};

/* Where an IPv6 address holds one of IPv4. */
static const struct {
	struct block block;
	size_t at;
} holders[] = {
    {{{[10] = 0xff, [11] = 0xff}, 96}, 12},
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},
    {{{0x20, 0x02}, 16}, 2},
};

static bool
is_in(const unsigned char *bytes, const struct block *b)
{
	unsigned whole = b->bits / 8, rest = b->bits % 8;

	if (memcmp(bytes, b->prefix, whole) != 0)
		return false;
	return rest == 0 || (bytes[whole] ^ b->prefix[whole]) >> (8 - rest) == 0;
}

bool
address_is_private4(const unsigned char bytes[4])
{
	for (size_t i = 0; i < COUNT(blocks4); i++)
		if (is_in(bytes, &blocks4[i]))
			return true;
	return false;
}

bool
address_is_private6(const unsigned char bytes[16])
{
	for (size_t i = 0; i < COUNT(holders); i++)
		if (is_in(bytes, &holders[i].block))
			return address_is_private4(bytes + holders[i].at);
	for (size_t i = 0; i < COUNT(blocks6); i++)
		if (is_in(bytes, &blocks6[i]))
			return true;
	return false;
}
