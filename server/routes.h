// SPDX-License-Identifier: MIT
/* THE table: every path that is served, what it takes and gives, and who answers. One row, many readers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/bundle.h"
#include "db/db.h"
#include "server/params.h"

struct request;
struct response;

struct route {
	const char *name; /* the stem of the operation in every layer */
	const char *path; /* `{id}` stands for one segment */
	/* Writes the whole answer, also one that says no. Anything but DB_OK is a fault: request.c makes a problem of
	 * it. */
	enum db_status (*handler)(struct request *request, struct response *response);
	const char *about;    /* for people */
	uint64_t params;      /* PARAM_BIT() of each it takes */
	unsigned includes;    /* CHOICE_BIT() of each that `include` may be */
	unsigned sorts;       /* CHOICE_BIT() of each that `sort` may be; the order without it is the handler's */
	const char *item;     /* the shape that `fields` is of: of the answer, or of the items of the list */
	unsigned formats;     /* FORMAT_BIT_… of each it gives */
	enum agent_kind kind; /* where {id} or the list is of agents */
	bool is_static;       /* the same for every store, which is not looked at */
};

/* In the order of the paths. */
extern const struct route routes[];
extern const size_t route_count;
