// SPDX-License-Identifier: MIT
/* From the JSON document of a bundle to plain data, or to everything that is wrong with it. */
#pragma once

#include <stddef.h>

#include "db/arena.h"
#include "db/bundle.h"

/* At most so many problems are told; one more item then says that there are more. */
enum { BUNDLE_PROBLEMS_MAX = 100 };

/* Shapes and limits of a bundle. */
enum { BUNDLE_SPANS_MAX = 1000, BUNDLE_QUOTES_MAX = 1048575, BUNDLE_MENTIONS_MAX = 1048575 };

/* The longest string that is not the text, and how many aliases or URLs may stand in one list. */
enum { BUNDLE_STRING_BYTES_MAX = 64 * 1024, BUNDLE_STRINGS_MAX = 1000 };

struct bundle_problem {
	const char *pointer; /* RFC 6901; "" is the whole document */
	const char *reason;  /* for people, without a full stop */
};

struct bundle_problems {
	struct bundle_problem *items;
	size_t count;
};

enum bundle_read_status {
	BUNDLE_READ_OK,
	BUNDLE_READ_INVALID,
	BUNDLE_READ_NOT_JSON, /* the one problem tells why */
	BUNDLE_READ_NO_MEMORY
};

/*
 * *ret_bundle is written with BUNDLE_READ_OK only, *ret_problems with BUNDLE_READ_INVALID and _NOT_JSON only. Both live
 * in the arena and borrow nothing from `json`.
 */
enum bundle_read_status bundle_read(const char *json, size_t length, struct arena *arena, struct bundle *ret_bundle,
	struct bundle_problems *ret_problems);

/*
 * The same for a document whose place has the id already: `id`, which the document may leave out. NULL: as above.
 *
 * agent_read() and work_read() take one agent or one work, told whole: what is not given is none. *ret_bundle has it at
 * index 0, and a work's contributors. What GET answers is taken as well; what that tells of other things is passed
 * over.
 */
enum bundle_read_status bundle_read_as(const char *id, const char *json, size_t length, struct arena *arena,
	struct bundle *ret_bundle, struct bundle_problems *ret_problems);
enum bundle_read_status agent_read(const char *id, const char *json, size_t length, struct arena *arena,
	struct bundle *ret_bundle, struct bundle_problems *ret_problems);
enum bundle_read_status work_read(const char *id, const char *json, size_t length, struct arena *arena,
	struct bundle *ret_bundle, struct bundle_problems *ret_problems);
