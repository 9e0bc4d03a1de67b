// SPDX-License-Identifier: MIT
/* THE table: every path that is served, what it takes and gives, and who answers. One row, many readers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "schema_api.h"
#include "server/params.h"

struct request;
struct response;

enum { ROUTE_STATUSES_MAX = 12 };

/* The methods of the table; GET answers HEAD as well, and OPTIONS is answered from the table itself. */
enum method { METHOD_GET, METHOD_DELETE, METHOD_POST, METHOD_PUT };
enum { METHODS = 4 };

/* What a request may bring. */
enum route_body {
	BODY_NONE,  /* nothing; what comes is read and dropped */
	BODY_JSON,  /* one document, handed over whole */
	BODY_LINES, /* NDJSON, handed over in parts as it comes */
	BODY_WORDS, /* one document, or the words that would stand in it as plain text */
};

struct route {
	const char *name; /* the stem of the operation in every layer */
	const char *path; /* `{id}` stands for one segment */
	/*
	 * Writes the whole answer, also one that says no; or leaves a write in the request, which is answered when it
	 * is done (server/write.h). Anything but DB_OK is a fault: request.c makes a problem of it.
	 */
	enum db_status (*handler)(struct request *request, struct response *response);
	const char *about;    /* for people: a few words */
	const char *detail;   /* whole sentences, where those few words leave a question; or NULL */
	uint64_t params;      /* PARAM_BIT() of each it takes */
	uint64_t needs;       /* and of each it answers nothing without */
	unsigned includes;    /* CHOICE_BIT() of each that `include` may be */
	unsigned sorts;       /* CHOICE_BIT() of each that `sort` may be; the order without it is the handler's */
	unsigned formats;     /* FORMAT_BIT_… of each it gives */
	enum shape reply;     /* of its JSON; SHAPE_NONE: it has none, or any */
	enum shape takes;     /* of the JSON that it is sent, or of each line */
	const char *example;  /* a target of it that the seed review answers; NULL: the path is one */
	enum agent_kind kind; /* where {id} or the list is of agents */
	/* What it answers, besides what every path may: 308, 400, 406, 413, 414, 500, 503. With 304 it has an entity
	 * tag. */
	unsigned short statuses[ROUTE_STATUSES_MAX];
	enum method method;
	enum route_body body;
	size_t body_max;  /* bytes of it; 0: as the service is set up */
	bool is_static;   /* the same for every store, which is not looked at */
	bool needs_token; /* it writes */
};

/* In the order of the paths, then of the methods. */
extern const struct route routes[];
extern const size_t route_count;

/* What the row's parameters may be. `fields` has the members of its shape, of a list those of the items. */
struct param_scope route_scope(const struct route *route);

/* Whether the row names the status. */
bool route_says(const struct route *route, unsigned status);

/* What it is about, with a capital in front. NULL when memory runs out. */
const char *route_summary(const struct route *route, struct arena *arena);

const char *route_example(const struct route *route);

/* What the operation is called where one name must be enough: quote_list_by_character. NULL when memory runs out. */
const char *route_operation_id(const struct route *route, struct arena *arena);

/* "GET", "DELETE" … in the order of the methods. */
extern const char *const method_names[METHODS];
