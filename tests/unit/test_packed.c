// SPDX-License-Identifier: GPL-2.0-only
/* core/attach/packed.c: what zlib itself has packed comes back; what is damaged anywhere, or cut, does not. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "attach/packed.h"
#include "support.h"

#define SIZE 10007

static char plain[SIZE];
static char packed[2 * SIZE];

static size_t pack(void)
{
	z_stream stream = { .next_in = (unsigned char *)plain, .avail_in = SIZE, .next_out = (unsigned char *)packed,
			    .avail_out = sizeof(packed) };

	for (size_t i = 0; i < SIZE; i++)
		plain[i] = i % 13 ? (char)(i * i >> 7) : (char)rand();
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return stream.total_out;
}

static void test_round(void **state)
{
	size_t size, length = pack();
	char *back = unpack(packed, packed + length, &size);

	(void)state;
	assert_non_null(back);
	assert_int_equal(size, SIZE);
	assert_memory_equal(back, plain, SIZE);
	free(back);
}

/* The check sum and the size at the end see to it; bytes 4 to 9 are a time and hints that nobody needs. */
static void test_damaged(void **state)
{
	size_t size, length = pack();

	(void)state;
	for (size_t at = 10; at < length - 4; at += 7) {
		packed[at] ^= 1;
		errno = 0;
		assert_null(unpack(packed, packed + length, &size));
		assert_int_equal(errno, EBADMSG);
		packed[at] ^= 1;
	}
	for (int i = 0; i < 2; i++) {	/* a size that is not so: one more, one less */
		packed[length - 4] += i ? -2 : 1;
		assert_null(unpack(packed, packed + length, &size));
	}
}

static void test_cut(void **state)
{
	size_t size, length = pack();
	char end[4];

	(void)state;
	memcpy(end, packed + length - 4, sizeof(end));
	for (size_t cut = length - 8; cut > 18; cut /= 2) {
		memcpy(packed + cut - 4, end, sizeof(end));
		assert_null(unpack(packed, packed + cut, &size));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
