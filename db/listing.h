// SPDX-License-Identifier: MIT
/*
 * Pages of a list in one of its orders, by keyset: a page starts behind a place,
 * not at a number, so that its cost does not grow with its depth and a walk gives
 * each row once, also while others write. For the files of db/ only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/assembly.h"
#include "db/db.h"
#include "db/lists.h"

struct list_rows {
	struct list_place *items;
	size_t count;
};

enum { ASCENDING, DESCENDING };

/* How an order is written. */
struct list_order {
	enum place_key key;              /* of the rows of which it is known */
	enum fragment_id head;           /* SELECT: the id, and what is sorted by, if anything */
	enum fragment_id known, unknown; /* the rows whose key is known, and the others; FRAGMENT_NONE: all are */
	enum fragment_id after[2];       /* behind :after_number or :after_text, and :after_id */
	enum fragment_id by[2];          /* ORDER BY … LIMIT */
	const struct list_order *rest;   /* of the rows whose key is unknown */
};

struct listing {
	const struct list_order *order;
	bool descending;
	const struct list_place *after; /* NULL: from the start */
	size_t limit;
	struct assembly from;   /* from FROM to the last condition */
	struct int_list values; /* one run for each, with :value; none: one run */
	const char *name;       /* for the log */
};

/* Up to `limit` rows in their order, each once. */
DB_CHECKED enum db_status listing_rows(
	struct db *db, const struct listing *listing, struct arena *arena, struct list_rows *ret_rows);

/* Leaves the first `limit` of rows of which one more was asked for. True: that one was there. */
bool listing_cut(struct list_rows *rows, size_t limit);

/*
 * Whether to look at every row that fits and keep the first ones, rather than to follow the index of the order and
 * leave out what does not fit. `fitting` of `all` rows do; the first costs as much as there are, the other one as much
 * as they are thin, `weight` times.
 */
bool listing_scans(int64_t fitting, int64_t all, size_t limit, int64_t weight);
