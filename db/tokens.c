// SPDX-License-Identifier: MIT
#include "db/tokens.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "db/sha256.h"
#include "db/stmt.h"

enum db_status token_add(struct db *db, const char *name, const char *sha256)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_TOKEN_ADD);
	stmt_bind_text(stmt, ARG_TOKEN_ADD_NAME, name);
	stmt_bind_text(stmt, ARG_TOKEN_ADD_SHA256, sha256);
	enum db_status status = stmt_step(stmt);
	return status == DB_NOT_FOUND ? DB_INVALID : status;
}

enum db_status token_revoke(struct db *db, const char *name)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_TOKEN_REVOKE);
	stmt_bind_text(stmt, ARG_TOKEN_REVOKE_NAME, name);
	return stmt_step(stmt);
}

enum db_status token_list(struct db *db, struct arena *arena, struct token_list *ret_list)
{
	struct token_list list = { 0 };
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_TOKEN_LIST);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct token *items = arena_push(arena, list.items, list.count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		list.items = items;
		items[list.count++] = (struct token) { .name = stmt_copy(stmt, COL_TOKEN_LIST_NAME, arena),
			.added_at = stmt_copy(stmt, COL_TOKEN_LIST_ADDED_AT, arena) };
		if (stmt_row_status(stmt) != DB_OK)
			return DB_NO_MEMORY;
	}
	if (status != DB_NOT_FOUND)
		return status;
	*ret_list = list;
	return DB_OK;
}

enum db_status token_exists(struct db *db, bool *ret_exists)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_TOKEN_EXISTS);
	enum db_status status = stmt_step(stmt);
	*ret_exists = status == DB_OK && stmt_int(stmt, COL_TOKEN_EXISTS_FOUND);
	return status;
}

enum db_status token_find(struct db *db, const char *sha256, struct arena *arena, const char **ret_name)
{
	const char *found = NULL;
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_TOKEN_HASHES);
	enum db_status status;
	/* All of them, also behind the right one. */
	while ((status = stmt_step(stmt)) == DB_OK) {
		const char *known = stmt_text(stmt, COL_TOKEN_HASHES_SHA256, NULL);
		if (known && !gnutls_memcmp(known, sha256, SHA256_HEX_SIZE - 1))
			found = stmt_copy(stmt, COL_TOKEN_HASHES_NAME, arena);
		if (stmt_row_status(stmt) != DB_OK)
			return DB_NO_MEMORY;
	}
	if (status != DB_NOT_FOUND)
		return status;
	*ret_name = found;
	return found ? DB_OK : DB_NOT_FOUND;
}
