// SPDX-License-Identifier: MIT
/* A client's address as limits count it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct address {
	/* The first half of an IPv6 address, since a client has all of a /64; an IPv4 address behind zeros. */
	unsigned char bytes[8];
	bool local; /* of this machine */
};

struct address address_of(const struct sockaddr *socket_address);
bool address_equals(const struct address *a, const struct address *b);
uint32_t address_hash(const struct address *address);

/* In numbers, for people; NULL: unknown. */
const char *address_text(const struct sockaddr *socket_address, char *buffer, size_t size);
