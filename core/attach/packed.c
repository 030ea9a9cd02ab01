// SPDX-License-Identifier: GPL-2.0-only
/* packed.c - one call of zlib, since the file says in its last four bytes how large it becomes (RFC 1952). */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>
#include "packed.h"
#include "shared.h"

#define GZIP_ONLY 16	/* zlib.h: added to the bits of the window */

static u32 size_unpacked(const char *end)
{
	const unsigned char *at = (const unsigned char *)end - 4;	/* little-endian on any machine */

	return at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24;
}

void *unpack(const char *begin, const char *end, size_t *size)
{
	z_stream stream = { .next_in = (unsigned char *)begin, .avail_in = end - begin, .avail_out = size_unpacked(end) };
	unsigned char *object = malloc(stream.avail_out);
	int result;

	*size = stream.avail_out;
	if (!object || inflateInit2(&stream, GZIP_ONLY + MAX_WBITS) != Z_OK) {
		free(object);
		errno = ENOMEM;
		return NULL;
	}
	stream.next_out = object;
	result = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	if (result == Z_STREAM_END && !stream.avail_out)
		return object;
	free(object);
	errno = EBADMSG;
	return NULL;
}
