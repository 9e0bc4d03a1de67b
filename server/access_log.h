// SPDX-License-Identifier: MIT
/* One line for each answer, for whoever wants to know what was asked. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/request.h"
#include "server/reviewd.h"

struct access {
	const struct request *request;
	const char *remote; /* numeric address of the client */
	unsigned status;
	size_t bytes; /* of the body that is sent */
	int64_t nanoseconds;
};

/*
 * Writes the line, in one piece, to where the log goes. Whatever a client sent is escaped: it forges neither a field
 * nor a line. Combined is Apache's format, with the id of the request and the seconds behind it.
 */
void access_log(enum reviewd_access_log format, const struct access *access);
