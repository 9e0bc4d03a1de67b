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
	const char *accept_encoding;
	const char *authorization;
	const char *content_encoding;
	const char *content_length;
	const char *content_type;
	const char *host;
	bool expects;  /* anything, which can only be 100-continue */
	bool has_body; /* of a length that is not 0, or in chunks */
	const char *idempotency_key;
	const char *if_match;
	const char *if_none_match;
	const char *if_range;
	const char *range;
	const char *referer;
	const char *user_agent;
	size_t room;      /* for the headers of the answer; what does not fit there cannot be sent */
	size_t sure_room; /* of that, even if the next request has come already */
};

struct exports;
struct metrics;
struct permission;
struct route;
struct sockaddr;
struct write;
struct writer;

struct request {
	const char *method;
	const char *version; /* of HTTP: "HTTP/1.1" */
	const char *raw_target;
	struct request_headers headers;
	struct arena *arena; /* lives as long as the request */
	struct db *db;       /* of this thread; a read has begun when a handler sees it */
	const struct metrics *metrics;
	struct exports *exports;
	const char *id; /* for people who search the log */
	struct permission *permission;
	struct writer *writer; /* NULL: nothing is written */
	const struct sockaddr *client;
	size_t body_bytes_max;    /* of one document */
	size_t address_bytes_max; /* in a header of the answer */

	/* What has come so far and was not taken yet. */
	struct buffer body;
	bool body_ended;

	/* What a handler hands over; the request goes on when it is done. */
	struct write *write;
	void *progress; /* a handler's own, from one part of a body to the next */

	/* How long a handler would rather wait for the store to change before it answers; then it is asked again. */
	int64_t wait_seconds;
	bool has_waited; /* it is over, and the handler answers */

	/* Filled in by request_begin(), top down. */
	struct target target;
	const struct route *route;
	const char *path_id; /* what stands for {id}, decoded, without suffix; NULL for a path without it */
	size_t id_segment;   /* which segment that is; beyond the last for a path without it */
	enum format format;
	bool has_suffix;
	bool is_negotiated; /* the format depends on Accept */
	unsigned codings;   /* CODING_BIT_… of each the answer may have */
	struct params params;
	bool is_fleeting;       /* another answer each time, which nobody keeps */
	const char *token_name; /* whose token it is; NULL when none was asked for */

	/* And by request_answer(). */
	struct store_info store;
	const char *etag; /* of the bytes without a coding */
};

/*
 * Looks at all but the body: what is wrong already is answered. Else the response has no status yet, and
 * request_answer() is next: once the body is there, and where the route takes it in parts, for each part as well.
 */
void request_begin(struct request *request, struct response *response);

/*
 * Answers: what fails on the way becomes a problem. Or leaves `write` in the request, which is to be handed to the
 * writer, or wait_seconds; or, before the body has ended, nothing. Only memory may run out; see response_is_whole().
 */
void request_answer(struct request *request, struct response *response);

/* Goes on when `write` is done, or the wait is over or the store has changed, with the same outcomes. */
void request_resume(struct request *request, struct response *response);

/* Answers with a problem instead of all that; the connection will be closed. */
void request_refuse(struct request *request, struct response *response, const char *code, const char *detail);
