// SPDX-License-Identifier: MIT
#include "db/functions.h"

#include <sqlite3.h>

#include "db/shuffle.h"
#include "db/text/key.h"

static void name_key_of(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *name = (const char *)sqlite3_value_text(values[0]);
	struct buffer key = { 0 };
	if (!name && sqlite3_value_type(values[0]) != SQLITE_NULL)
		sqlite3_result_error_nomem(context);
	if (!name)
		return;
	name_key(&key, name, (size_t)sqlite3_value_bytes(values[0]));
	if (key.failed)
		sqlite3_result_error_nomem(context);
	else
		sqlite3_result_text(context, key.data ? key.data : "", (int)key.length, SQLITE_TRANSIENT);
	buffer_deinit(&key);
}

static void shuffle_key_of(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *review_slug = (const char *)sqlite3_value_text(values[0]);
	const char *local_slug = (const char *)sqlite3_value_text(values[1]);
	if (review_slug && local_slug)
		sqlite3_result_int64(context, shuffle_key(review_slug, local_slug));
}

static void shuffle_number_of(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	if (sqlite3_value_type(values[0]) != SQLITE_NULL)
		sqlite3_result_int64(context,
			shuffle_number(sqlite3_value_int64(values[0]), (uint64_t)sqlite3_value_int64(values[1])));
}

int functions_add(sqlite3 *handle)
{
	static const struct {
		const char *name;
		int arguments;
		void (*function)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {
		{ "name_key", 1, name_key_of },
		{ "shuffle_key", 2, shuffle_key_of },
		{ "shuffle_number", 2, shuffle_number_of },
	};
	int code = SQLITE_OK;
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]) && code == SQLITE_OK; i++)
		code = sqlite3_create_function_v2(handle, functions[i].name, functions[i].arguments,
			SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, functions[i].function, NULL, NULL,
			NULL);
	return code;
}
