// SPDX-License-Identifier: MIT
/* The socket that clients connect to. */
#pragma once

#include "server/reviewd.h"

/* What HOST:PORT means. The host may be a name, an IPv4 address, an IPv6 address in brackets, or `*` for all. */
struct listen_address {
	char host[256]; /* empty for all addresses of this machine */
	char port[6];
};

/* False when it is malformed; ret_error then says how it should look. */
bool listen_parse(const char *listen, struct listen_address *ret_address, struct reviewd_error *ret_error);

/*
 * A listening, non-blocking socket, and in *ret_url (of at least LISTEN_URL_BYTES) the address it got, for people.
 * REVIEWD_UNAVAILABLE, _DENIED, _INTERNAL.
 */
enum { LISTEN_URL_BYTES = 128 };
REVIEWD_CHECKED enum reviewd_status listen_open(
	const struct listen_address *address, int *ret_socket, char *ret_url, struct reviewd_error *ret_error);
