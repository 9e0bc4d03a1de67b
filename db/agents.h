// SPDX-License-Identifier: MIT
/* Agents: whoever can speak, be spoken to or be named. All strings are in the arena the caller gave. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "db/lists.h"

/* What other things show of an agent. */
struct agent_ref {
	int64_t agent_id; /* inside this store only; 0 for none */
	const char *slug;
	const char *name;
	enum agent_kind kind;
};

struct agent_refs {
	struct agent_ref *items;
	size_t count;
};

struct agent {
	struct agent_ref ref;
	const char *description;    /* NULL for none */
	struct string_list aliases; /* without the name itself */
	struct string_list same_as;
};

struct agent_page {
	struct agent *items;
	size_t count;
	bool more;              /* there is a next page */
	struct list_place last; /* where the next page starts behind */
	int64_t total;
};

/* What an agent is called: the name at position 0, then the aliases as they came. */
struct agent_name {
	int64_t position;
	const char *name;
};

struct agent_names {
	struct agent_name *items;
	size_t count;
};

/* Agents that were read last: a few stand on every page. Zero-initialise. */
enum { KNOWN_AGENTS = 8 };
struct known_agents {
	struct agent_ref items[KNOWN_AGENTS];
	size_t next;
};

/* Adds the agent with this number inside the store. DB_CORRUPT: there is none. */
DB_CHECKED enum db_status agent_refs_add(
	struct db *db, int64_t agent_id, struct known_agents *known, struct arena *arena, struct agent_refs *refs);

/* By the number inside the store. DB_NOT_FOUND. */
DB_CHECKED enum db_status agent_names(
	struct db *db, int64_t agent_id, struct arena *arena, struct agent_names *ret_names);

/* DB_NOT_FOUND: no agent has this id. */
DB_CHECKED enum db_status agent_get(struct db *db, const char *slug, struct arena *arena, struct agent *ret_agent);

/* The same without its aliases, which agent_read_aliases() adds. */
DB_CHECKED enum db_status agent_find(struct db *db, const char *slug, struct arena *arena, struct agent *ret_agent);
DB_CHECKED enum db_status agent_read_aliases(struct db *db, struct arena *arena, struct agent *agent);

/* By the number inside the store. */
DB_CHECKED enum db_status agent_by_id(struct db *db, int64_t agent_id, struct arena *arena, struct agent *ret_agent);

/*
 * All agents called `name`, compared by key (db/text/key.h), without aliases filled in; none is DB_OK with a count
 * of 0. More than 200 are cut.
 */
DB_CHECKED enum db_status agent_by_name(
	struct db *db, const char *name, struct arena *arena, struct agent_page *ret_page);

/* Which agents a list has. All given conditions must hold. */
struct agent_query {
	enum agent_kind kind;
	struct int_list reviews; /* numbers inside the store; the agent stands there */
	struct int_list works;   /* the agent stands in a review of one */
};

/* AGENT_ADDED is the order of the bundle, for a query with one review. */
enum agent_order { AGENT_ADDED, AGENT_ID, AGENT_NAME };

/* Behind `after`, the last of the page before; NULL for the first page. */
DB_CHECKED enum db_status agent_list(struct db *db, const struct agent_query *query, enum agent_order order,
	bool descending, const struct list_place *after, size_t limit, struct arena *arena,
	struct agent_page *ret_page);

/* URLs, one a line, as the store has them, taken apart. */
DB_CHECKED enum db_status url_lines_split(const char *lines, struct arena *arena, struct string_list *ret_list);
