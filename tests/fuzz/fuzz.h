/*
 * What the fuzz targets share.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* What must hold whatever the input: libFuzzer keeps the input where it does not. */
#define REQUIRE(fact) \
	do { \
		if (!(fact)) \
			abort(); \
	} while (0)

/* libFuzzer calls it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
