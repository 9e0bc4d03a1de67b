// SPDX-License-Identifier: MIT
/* One bundle on its way into the store; between bundle_put.c and the files for agents, works and the review only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "db/bundle_put.h"
#include "db/store.h"

struct putting {
	struct db *db;
	const struct bundle *bundle;
	struct arena *arena;
	struct store_info store; /* as it will be, if anything changes */
	const char *at;          /* what time it is; in the arena */
	bool changed;            /* something did */
	int64_t *agent_ids;      /* inside the store, one for each agent of the bundle */
	bool *agent_is_new;      /* likewise */
	struct work_ref *work_refs;
	struct rows *names; /* of agents, not in the store yet */
	struct bundle_put_result *result;
};

/* The next revision of the store; the first step. The last one is store_set(). */
DB_CHECKED enum db_status put_begin(struct putting *put);

DB_CHECKED enum db_status put_agents(struct putting *put);
DB_CHECKED enum db_status put_works(struct putting *put);  /* after the agents */
DB_CHECKED enum db_status put_review(struct putting *put); /* after the works */

/* Takes away all that a bundle says of its review but the row itself, and counts it off. */
DB_CHECKED enum db_status put_review_clear(struct putting *put, int64_t review_id);

/* Notes the change, or the deletion, in the log of changes. */
DB_CHECKED enum db_status put_change(struct putting *put, enum noun noun, const char *slug);
DB_CHECKED enum db_status put_deletion(struct putting *put, enum noun noun, const char *slug);

/* Refuses the bundle at `pointer` for `reason`, both in the arena: DB_INVALID, or DB_NO_MEMORY if one is NULL. */
DB_CHECKED enum db_status put_refuse(struct putting *put, const char *pointer, const char *reason);

/* URLs as the store has them, one a line; NULL when memory runs out. */
const char *put_lines(struct putting *put, const struct string_list *list);

/* Binds the first and the last day an EDTF date may mean; NULL for a date that is NULL. */
struct stmt;
void put_bind_date(struct stmt *stmt, int arg_from, int arg_to, const char *date);

/* True when both are NULL, or equal. */
bool put_same(const char *a, const char *b);
bool put_same_list(const struct string_list *a, const struct string_list *b);
