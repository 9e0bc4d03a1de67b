// SPDX-License-Identifier: MIT
/* Tokens for writing: made, listed, taken back. */
#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <unistd.h>

#include "db/sha256.h"
#include "db/text/utf8.h"
#include "db/tokens.h"
#include "server/faults.h"
#include "server/making.h"
#include "server/reviewd.h"

/* Another process may be writing for a moment; a server beside gives the store back when it is idle. */
enum { PATIENCE_MS = 5000, TOKEN_RANDOM_BYTES = 32, NAME_CODEPOINTS_MAX = 100 };

static enum reviewd_status refuse(
	enum reviewd_status status, const char *reason, const char *name, struct reviewd_error *ret_error)
{
	snprintf(ret_error->message, sizeof(ret_error->message), "token '%.200s': %s", name, reason);
	return status;
}

static bool is_name(const char *name)
{
	size_t length = strlen(name), codepoints = 0;
	if (!length || utf8_find_invalid(name, length) < length)
		return false;
	for (const char *c = name; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return false;
		codepoints += (*c & 0xc0) != 0x80;
	}
	return codepoints <= NAME_CODEPOINTS_MAX;
}

/* 256 random bits in letters, digits, `-` and `_`, behind a mark by which people and tools know what it is. */
static bool make_token(char ret_token[REVIEWD_TOKEN_SIZE])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned char random[TOKEN_RANDOM_BYTES + 1] = { 0 };
	if (gnutls_rnd(GNUTLS_RND_KEY, random, TOKEN_RANDOM_BYTES) < 0)
		return false;
	char *c = stpcpy(ret_token, "rvd_");
	for (size_t bit = 0; bit < TOKEN_RANDOM_BYTES * 8; bit += 6) {
		unsigned two = (unsigned)random[bit / 8] << 8 | random[bit / 8 + 1];
		*c++ = digits[two >> (10 - bit % 8) & 63];
	}
	*c = '\0';
	return true;
}

/* Adds (`sha256` given) or revokes in a transaction of its own. */
static enum db_status change(struct db *db, const char *name, const char *sha256)
{
	enum db_status status = db_begin_write(db);
	if (status == DB_OK)
		status = sha256 ? token_add(db, name, sha256) : token_revoke(db, name);
	if (status == DB_OK)
		status = db_commit(db);
	if (status != DB_OK)
		db_rollback(db);
	return status;
}

enum reviewd_status reviewd_token_add(
	const char *db, const char *name, char ret_token[REVIEWD_TOKEN_SIZE], struct reviewd_error *ret_error)
{
	const char *path = db ? db : default_store;
	char sha256[SHA256_HEX_SIZE];
	struct db_error fault;
	struct db *opened;
	if (!is_name(name)) {
		snprintf(ret_error->message, sizeof(ret_error->message),
			"the name of a token has 1 to %d characters, in UTF-8, on one line", NAME_CODEPOINTS_MAX);
		return REVIEWD_USAGE;
	}
	if (!make_token(ret_token) || !sha256_hex(ret_token, strlen(ret_token), sha256))
		return refuse(REVIEWD_INTERNAL, "no random bytes can be had", name, ret_error);
	/* A store that begins with a token is one that serve would have made. */
	enum reviewd_status result = make_store(path, false, ret_error);
	if (result != REVIEWD_OK)
		return result;
	enum db_status status = db_open_patiently(path, PATIENCE_MS, &opened, &fault);
	if (status != DB_OK)
		return fault_of_opening(path, DB_WRITE, status, &fault, ret_error);
	status = change(opened, name, sha256);
	if (status == DB_INVALID)
		result = refuse(REVIEWD_DATA, "there is one of this name; revoke it first, or choose another name",
			name, ret_error);
	else if (status != DB_OK)
		result = fault_of_doing("adding the token", opened, status, ret_error);
	db_close(opened);
	return result;
}

enum reviewd_status reviewd_token_revoke(const char *db, const char *name, struct reviewd_error *ret_error)
{
	const char *path = db ? db : default_store;
	struct db_error fault;
	struct db *opened;
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return fault_of_opening(path, DB_READ, DB_NOT_FOUND, &(struct db_error) { 0 }, ret_error);
	enum db_status status = db_open_patiently(path, PATIENCE_MS, &opened, &fault);
	if (status != DB_OK)
		return fault_of_opening(path, DB_WRITE, status, &fault, ret_error);
	status = change(opened, name, NULL);
	enum reviewd_status result = REVIEWD_OK;
	if (status == DB_NOT_FOUND)
		result = refuse(REVIEWD_NO_INPUT, "there is none of this name", name, ret_error);
	else if (status != DB_OK)
		result = fault_of_doing("revoking the token", opened, status, ret_error);
	db_close(opened);
	return result;
}

enum reviewd_status reviewd_token_list(const char *db,
	void (*found)(const char *name, const char *added_at, void *context), void *context,
	struct reviewd_error *ret_error)
{
	const char *path = db ? db : default_store;
	struct db_error fault;
	struct db *opened;
	struct token_list list = { 0 };
	struct arena arena = { 0 };
	enum db_status status = db_open(path, DB_READ, &opened, &fault);
	if (status != DB_OK)
		return fault_of_opening(path, DB_READ, status, &fault, ret_error);
	status = token_list(opened, &arena, &list);
	enum reviewd_status result = REVIEWD_OK;
	if (status != DB_OK)
		result = fault_of_doing("listing the tokens", opened, status, ret_error);
	for (size_t i = 0; i < list.count; i++)
		found(list.items[i].name, list.items[i].added_at, context);
	arena_deinit(&arena);
	db_close(opened);
	return result;
}
