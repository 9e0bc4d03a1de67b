// SPDX-License-Identifier: MIT
/*
 * One request on its way through the layers: what was asked, what it means by
 * the route table, and the snapshot of the store it is answered from.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/db.h"
#include "db/store.h"
#include "server/format.h"
#include "server/params.h"
#include "server/response.h"
#include "server/target.h"

/* The longest time one request may read from the store. */
enum { REQUEST_READ_MS = 250 };

/* What came over the wire; strings are borrowed, NULL where nothing was sent. Repeated headers are joined by commas. */
struct request_headers {
	const char *accept;
	const char *content_length;
	const char *if_none_match;
	const char *if_range;
	const char *range;
};

struct route;

struct request {
	const char *method;
	const char *raw_target;
	struct request_headers headers;
	struct arena *arena; /* lives as long as the request */
	struct db *db;       /* of this thread; a read has begun when a handler sees it */
	const char *id;      /* for people who search the log */

	/* Filled in by request_answer(), top down. */
	struct target target;
	const struct route *route;
	const char *path_id; /* what stands for {id}, decoded, without suffix; NULL for a path without it */
	size_t id_segment;   /* which segment that is; beyond the last for a path without it */
	enum format format;
	bool has_suffix;
	struct params params;
	bool is_by_chance; /* another answer each time */
	struct store_info store;
	const char *etag;
};

/* Answers always: what fails on the way becomes a problem. Only memory may run out; see response_is_whole(). */
void request_answer(struct request *request, struct response *response);

/* Says that the request is malformed, before or instead of request_answer(); the connection will be closed. */
void request_refuse(struct request *request, struct response *response, const char *code, const char *detail);
