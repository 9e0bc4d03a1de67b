// SPDX-License-Identifier: MIT
/*
 * Statements put together from the fragments of schema/queries, for lists with
 * optional filters: never from anything else. For the files of db/ only.
 *
 * What has been put together once stays prepared, until many others have been.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "db/stmt.h"

enum { ASSEMBLY_PARTS_MAX = 8, ASSEMBLY_CONDITIONS_MAX = 24, ASSEMBLY_ARGUMENTS_MAX = 40 };

/* What a statement is made of; FRAGMENT_NONE where there is nothing. */
struct recipe {
	uint16_t parts[ASSEMBLY_PARTS_MAX];           /* from SELECT to the last join */
	uint16_t conditions[ASSEMBLY_CONDITIONS_MAX]; /* all of which must hold */
	uint16_t tail;                                /* from GROUP BY or ORDER BY on */
};

/* A recipe, and the values of its parameters. Zero-initialise. */
struct assembly {
	struct recipe recipe;
	struct assembly_argument {
		const char *name; /* with its colon */
		const char *text; /* NULL: the number */
		int64_t number;
	} arguments[ASSEMBLY_ARGUMENTS_MAX];
	size_t argument_count;
};

/* Behind the parts or conditions that are there. FRAGMENT_NONE adds nothing. */
void assembly_add(struct assembly *assembly, enum fragment_id part);
void assembly_add_condition(struct assembly *assembly, enum fragment_id condition);

/* Before the parts that are there: what is chosen from a source that was put together before. */
void assembly_put_head(struct assembly *assembly, enum fragment_id head);

/* Strings are borrowed. An argument that no fragment has is passed over; of two with the same name the last counts. */
void assembly_bind_int(struct assembly *assembly, const char *name, int64_t value);
void assembly_bind_text(struct assembly *assembly, const char *name, const char *value);

/* The statement, leased and bound; `name` is for the log. */
DB_CHECKED enum db_status assembly_open(
	struct db *db, const struct assembly *assembly, const char *name, struct stmt **ret_stmt);

/*
 * Runs a statement that counts. A large count is remembered, for the pages of a long list all ask for it: it is the
 * same as long as the store has the same `revision`.
 */
DB_CHECKED enum db_status assembly_count(
	struct db *db, const struct assembly *assembly, const char *name, int64_t revision, int64_t *ret_count);

/* Values as a JSON array, which json_each() takes apart; NULL when memory runs out. */
const char *assembly_ints(const int64_t *items, size_t count, struct arena *arena);
const char *assembly_texts(const struct string_list *list, struct arena *arena);
