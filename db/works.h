// SPDX-License-Identifier: MIT
/* Works: what is reviewed or mentioned. All strings are in the arena the caller gave. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/agents.h"
#include "db/arena.h"
#include "db/db.h"
#include "db/lists.h"

/* What other things show of a work. */
struct work_ref {
	int64_t work_id;   /* inside this store only */
	const char *slug;  /* NULL: there is no work */
	const char *title; /* NULL: unknown */
};

struct contributor {
	const char *role;
	struct agent_ref agent;
	struct agent_ref character; /* whom an actor plays; agent_id 0 for none */
};

struct relation {
	const char *kind;
	struct work_ref to; /* the title is NULL also when the work is not in the store */
};

struct work {
	struct work_ref ref;
	const char *kind, *language, *published, *description; /* NULL: unknown */
	struct contributor *contributors;
	size_t contributor_count;
	struct relation *relations;
	size_t relation_count;
	struct string_list same_as;
};

/* Which works a list has. All given conditions must hold. */
struct work_query {
	struct int_list reviews;      /* numbers inside the store; the work stands in one of them */
	struct int_list characters;   /* agent numbers; one stands in a review of the work */
	struct int_list people;       /* one is a contributor */
	struct string_list languages; /* canonical; `nl` takes nl-BE as well */
	bool published_given;
	int64_t published_from, published_to; /* days since 1970-01-01; a work that may be of one of them fits */
};

/* What is equal otherwise is told apart by the order in which the works came. */
enum work_order { WORK_ID, WORK_PUBLISHED, WORK_TITLE };

struct work_page {
	struct work *items;
	size_t count;
	bool more;
	struct list_place last; /* where the next page starts behind */
	int64_t total;
};

/* DB_NOT_FOUND: no work has this id. */
DB_CHECKED enum db_status work_get(struct db *db, const char *slug, struct arena *arena, struct work *ret_work);

/* By the number inside the store. */
DB_CHECKED enum db_status work_by_id(struct db *db, int64_t work_id, struct arena *arena, struct work *ret_work);

/* Behind `after`, the last of the page before; NULL for the first page. */
DB_CHECKED enum db_status work_list(struct db *db, const struct work_query *query, enum work_order order,
	bool descending, const struct list_place *after, size_t limit, struct arena *arena, struct work_page *ret_page);
