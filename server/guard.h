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
 * One look at all headers: collects those the service reads into *ret_headers, which are the library's until the
 * request ends, or in the arena where several are one, and refuses
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
