// SPDX-License-Identifier: MIT
/*
 * What libmicrohttpd 0.9.75 lets pass and RFC 9112 does not: requests whose
 * end, host or headers two readers could understand differently.
 */
#pragma once

#include <stdbool.h>

#include "db/arena.h"
#include "server/request.h"

struct MHD_Connection;

/*
 * What a connection has for request line and headers, for what the library makes of them, and for the head of the
 * answer: enough for an address of 8 KiB. The library clears all of it for each request, and the half that was not
 * read into once more. Of the processor's time for an answer from memory (2 KB, 64 clients) that was 11 % with 20 KiB;
 * with 16, 12 and 8 KiB the whole took 0.97, 0.94 and 0.95 of that.
 */
enum { GUARD_CONNECTION_BYTES = 12 * 1024 };

/*
 * One look at all headers: tells how much room they leave for those of the answer, collects those the service reads
 * into *ret_headers, which are the library's until the request ends, or in the arena where several are one, and refuses
 * - a name that is no token (RFC 9110, section 5.1), a control character but TAB in a value,
 * - anything but exactly one Host in HTTP/1.1, two in HTTP/1.0, one that is no host (RFC 9112, section 3.2),
 * - two Content-Length, or one beside Transfer-Encoding; any transfer coding but `chunked` alone, and any in HTTP/1.0
 *   (RFC 9112, section 6.1 and 6.3).
 * What the library has made of the bytes before stays out of sight: a folded line becomes part of the header before it,
 * a NUL cuts a value off, and a line that begins with a colon ends the headers, so that what follows is read as another
 * request. A proxy in front that refuses these lines, as nginx does, makes up for it.
 * False: *ret_reason is a sentence for people, or NULL when memory ran out.
 */
bool guard_headers(struct MHD_Connection *connection, const char *version, struct arena *arena,
	struct request_headers *ret_headers, const char **ret_reason);
