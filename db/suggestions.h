// SPDX-License-Identifier: MIT
/* What the names, aliases and titles in the store begin with. All strings are in the arena the caller gave. */
#pragma once

#include "db/agents.h"
#include "db/fts.h"
#include "db/text/buffer.h"
#include "db/works.h"

struct suggestion {
	enum search_kind kind; /* an agent or a work */
	struct agent_ref agent;
	struct work_ref work;
	const char *matched; /* the name, alias or title that begins so */
};

/* Where a page starts: behind this one. Zero, with an empty place, for the first page. */
struct suggestion_cursor {
	const char *place;
	int64_t kind, id;
};

struct suggestion_page {
	struct suggestion *items;
	size_t count;
	struct suggestion_cursor last;
	bool more;
	int64_t total;
};

/*
 * Agents and works of whose names, aliases or titles one begins with what was typed, or a later word of it does,
 * without case, accents and punctuation. Whole beginnings first, then in the order of the keys.
 */
DB_CHECKED enum db_status suggest(struct db *db, const char *typed, const struct suggestion_cursor *after, size_t limit,
	struct arena *arena, struct suggestion_page *ret_page);

/* The keys under which a name or title is suggested: from its first word on, and from each of the next few. */
struct suggestion_keys {
	struct buffer key;
	const char *from;
	int count;
};

/* False when memory runs out. */
bool suggestion_keys_init(struct suggestion_keys *keys, const char *name);
void suggestion_keys_deinit(struct suggestion_keys *keys);

/* NULL behind the last. */
const char *suggestion_keys_next(struct suggestion_keys *keys, int64_t *ret_inner);

/* A name or title goes into the index, or out of it (`insert` false). Within a write. */
DB_CHECKED enum db_status suggestion_index(
	struct db *db, bool insert, enum search_kind kind, int64_t id, int64_t position, const char *name);
