// SPDX-License-Identifier: MIT
#include "server/address.h"

#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

struct address address_of(const struct sockaddr *socket_address)
{
	struct address address = { .local = true };
	if (socket_address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, socket_address, sizeof(in6));
		const unsigned char *bytes = in6.sin6_addr.s6_addr;
		bool mapped = IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr);
		memcpy(address.bytes + (mapped ? 4 : 0), bytes + (mapped ? 12 : 0), mapped ? 4 : 8);
		address.local = mapped ? bytes[12] == 127 : IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	} else if (socket_address->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, socket_address, sizeof(in));
		memcpy(address.bytes + 4, &in.sin_addr, 4);
		address.local = address.bytes[4] == 127;
	}
	return address;
}

bool address_equals(const struct address *a, const struct address *b)
{
	return !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

uint32_t address_hash(const struct address *address)
{
	uint32_t hash = 0x811c9dc5u;
	for (size_t i = 0; i < sizeof(address->bytes); i++)
		hash = (hash ^ address->bytes[i]) * 0x01000193u;
	return hash;
}

const char *address_text(const struct sockaddr *socket_address, char *buffer, size_t size)
{
	bool is_six = socket_address && socket_address->sa_family == AF_INET6;
	socklen_t length = is_six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	if (!socket_address ||
		getnameinfo(socket_address, length, buffer, (socklen_t)size, NULL, 0, NI_NUMERICHOST) != 0)
		return NULL;
	return buffer;
}
