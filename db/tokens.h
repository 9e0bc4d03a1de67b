// SPDX-License-Identifier: MIT
/* Tokens for writing: who holds one, never the token itself. All strings are in the arena the caller gave. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/arena.h"
#include "db/db.h"

struct token {
	const char *name;
	const char *added_at; /* RFC 3339, UTC */
};

struct token_list {
	struct token *items;
	size_t count;
};

/* `sha256` in lower-case hex. DB_INVALID: there is a token of this name already. */
DB_CHECKED enum db_status token_add(struct db *db, const char *name, const char *sha256);

/* DB_NOT_FOUND: there is no token of this name. */
DB_CHECKED enum db_status token_revoke(struct db *db, const char *name);

/* In the order of the names. */
DB_CHECKED enum db_status token_list(struct db *db, struct arena *arena, struct token_list *ret_list);

DB_CHECKED enum db_status token_exists(struct db *db, bool *ret_exists);

/* The name of the token with this hash, in a time that does not tell how much of it is right. DB_NOT_FOUND. */
DB_CHECKED enum db_status token_find(struct db *db, const char *sha256, struct arena *arena, const char **ret_name);
