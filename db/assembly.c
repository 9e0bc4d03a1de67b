// SPDX-License-Identifier: MIT
#include "db/assembly.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "db/connection.h"
#include "db/text/buffer.h"

void assembly_add(struct assembly *assembly, enum fragment_id part)
{
	size_t at = 0;
	while (assembly->recipe.parts[at] != FRAGMENT_NONE)
		at++;
	assert(at + 1 < ASSEMBLY_PARTS_MAX);
	assembly->recipe.parts[at] = (uint16_t)part;
}

void assembly_add_condition(struct assembly *assembly, enum fragment_id condition)
{
	size_t at = 0;
	while (assembly->recipe.conditions[at] != FRAGMENT_NONE)
		at++;
	assert(at + 1 < ASSEMBLY_CONDITIONS_MAX);
	assembly->recipe.conditions[at] = (uint16_t)condition;
}

void assembly_put_head(struct assembly *assembly, enum fragment_id head)
{
	uint16_t *parts = assembly->recipe.parts;
	assert(parts[ASSEMBLY_PARTS_MAX - 2] == FRAGMENT_NONE);
	memmove(parts + 1, parts, (ASSEMBLY_PARTS_MAX - 1) * sizeof(*parts));
	parts[0] = (uint16_t)head;
}

static void bind(struct assembly *assembly, struct assembly_argument argument)
{
	assert(assembly->argument_count < ASSEMBLY_ARGUMENTS_MAX);
	assembly->arguments[assembly->argument_count++] = argument;
}

void assembly_bind_int(struct assembly *assembly, const char *name, int64_t value)
{
	bind(assembly, (struct assembly_argument) { .name = name, .number = value });
}

void assembly_bind_text(struct assembly *assembly, const char *name, const char *value)
{
	bind(assembly, (struct assembly_argument) { .name = name, .text = value });
}

static void append(struct buffer *sql, unsigned fragment)
{
	buffer_append_string(sql, schema_fragments[fragment]);
	buffer_append_char(sql, '\n');
}

/* As a tree that is no deeper than it must be: SQLite has a limit, which one AND after the other would reach. */
static void append_conditions(struct buffer *sql, const uint16_t *conditions, size_t count)
{
	if (count == 1) {
		append(sql, conditions[0]);
		return;
	}
	append(sql, FRAGMENT_ASSEMBLY_OPEN);
	append_conditions(sql, conditions, count / 2);
	append(sql, FRAGMENT_ASSEMBLY_AND);
	append_conditions(sql, conditions + count / 2, count - count / 2);
	append(sql, FRAGMENT_ASSEMBLY_CLOSE);
}

static void append_recipe(struct buffer *sql, const struct recipe *recipe)
{
	size_t count = 0;
	for (size_t i = 0; recipe->parts[i] != FRAGMENT_NONE; i++)
		append(sql, recipe->parts[i]);
	while (recipe->conditions[count] != FRAGMENT_NONE)
		count++;
	if (count) {
		append(sql, FRAGMENT_ASSEMBLY_WHERE);
		append_conditions(sql, recipe->conditions, count);
	}
	append(sql, recipe->tail);
}

/* The place of the statement that has been there longest. */
static struct assembled *free_place(struct db *db)
{
	struct assembled *slot;
	do {
		slot = &db->assembled[db->assembled_next++ % ASSEMBLED_MAX];
	} while (slot->stmt.leased);
	sqlite3_finalize(slot->stmt.handle);
	slot->stmt.handle = NULL;
	return slot;
}

/* NULL with a status in *ret_status: it could not be prepared. */
static struct assembled *prepare(
	struct db *db, const struct recipe *recipe, const char *name, enum db_status *ret_status)
{
	struct buffer sql = { 0 };
	append_recipe(&sql, recipe);
	sqlite3_stmt *handle = NULL;
	int code = sql.failed ? SQLITE_NOMEM
			      : sqlite3_prepare_v3(db->handle, sql.data, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
	buffer_deinit(&sql);
	if (code != SQLITE_OK) {
		*ret_status = db_status_from(db, code, name);
		return NULL;
	}
	struct assembled *slot = free_place(db);
	slot->recipe = *recipe;
	slot->stmt = (struct stmt) { .db = db, .handle = handle, .args = sqlite3_bind_parameter_count(handle) };
	return slot;
}

static struct assembled *find(struct db *db, const struct recipe *recipe)
{
	for (int i = 0; i < ASSEMBLED_MAX; i++) {
		struct assembled *slot = &db->assembled[i];
		if (slot->stmt.handle && !slot->stmt.leased && !memcmp(&slot->recipe, recipe, sizeof(*recipe)))
			return slot;
	}
	return NULL;
}

enum db_status assembly_open(struct db *db, const struct assembly *assembly, const char *name, struct stmt **ret_stmt)
{
	enum db_status status = DB_OK;
	struct assembled *slot = find(db, &assembly->recipe);
	if (!slot)
		slot = prepare(db, &assembly->recipe, name, &status);
	if (!slot)
		return status;
	struct stmt *stmt = &slot->stmt;
	stmt_lease(stmt);
	stmt->name = name;
	for (size_t i = 0; i < assembly->argument_count; i++) {
		const struct assembly_argument *argument = &assembly->arguments[i];
		int index = sqlite3_bind_parameter_index(stmt->handle, argument->name);
		if (index && argument->text)
			stmt_bind_text(stmt, index, argument->text);
		else if (index)
			stmt_bind_int(stmt, index, argument->number);
	}
	*ret_stmt = stmt;
	return DB_OK;
}

/* The arguments one behind the other. False: they are longer than what is remembered. */
static bool write_arguments(const struct assembly *assembly, char ret_bytes[COUNTED_BYTES], size_t *ret_length)
{
	size_t length = 0;
	for (size_t i = 0; i < assembly->argument_count; i++) {
		const struct assembly_argument *argument = &assembly->arguments[i];
		const void *value = argument->text ? (const void *)argument->text : (const void *)&argument->number;
		size_t size = argument->text ? strlen(argument->text) + 1 : sizeof(argument->number);
		if (size > COUNTED_BYTES - length)
			return false;
		memcpy(ret_bytes + length, value, size);
		length += size;
	}
	*ret_length = length;
	return true;
}

static struct counted *find_count(struct db *db, const struct counted *wanted)
{
	for (int i = 0; i < COUNTED_MAX; i++) {
		struct counted *counted = &db->counted[i];
		if (counted->revision == wanted->revision && counted->length == wanted->length &&
			!memcmp(&counted->recipe, &wanted->recipe, sizeof(counted->recipe)) &&
			!memcmp(counted->arguments, wanted->arguments, wanted->length))
			return counted;
	}
	return NULL;
}

enum db_status assembly_count(
	struct db *db, const struct assembly *assembly, const char *name, int64_t revision, int64_t *ret_count)
{
	struct counted wanted = { .recipe = assembly->recipe, .revision = revision };
	bool fits = write_arguments(assembly, wanted.arguments, &wanted.length);
	struct counted *known = fits ? find_count(db, &wanted) : NULL;
	if (known) {
		*ret_count = known->count;
		return DB_OK;
	}
	struct stmt *stmt;
	enum db_status status = assembly_open(db, assembly, name, &stmt);
	if (status == DB_OK)
		status = stmt_count(stmt, &wanted.count);
	if (status == DB_OK && fits && wanted.count >= COUNTED_FROM)
		db->counted[db->counted_next++ % COUNTED_MAX] = wanted;
	*ret_count = wanted.count;
	return status;
}

static const char *keep(struct buffer *json, struct arena *arena)
{
	const char *kept = json->failed ? NULL : arena_strndup(arena, json->data, json->length);
	buffer_deinit(json);
	return kept;
}

const char *assembly_ints(const int64_t *items, size_t count, struct arena *arena)
{
	struct buffer json = { 0 };
	buffer_append_char(&json, '[');
	for (size_t i = 0; i < count; i++)
		buffer_printf(&json, "%s%" PRId64, i ? "," : "", items[i]);
	buffer_append_char(&json, ']');
	return keep(&json, arena);
}

static void append_quoted(struct buffer *json, const char *text)
{
	buffer_append_char(json, '"');
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == '"' || *c == '\\')
			buffer_printf(json, "\\u%04x", (unsigned)*c);
		else
			buffer_append_char(json, *c);
	}
	buffer_append_char(json, '"');
}

const char *assembly_texts(const struct string_list *list, struct arena *arena)
{
	struct buffer json = { 0 };
	buffer_append_char(&json, '[');
	for (size_t i = 0; i < list->count; i++) {
		buffer_append_string(&json, i ? "," : "");
		append_quoted(&json, list->items[i]);
	}
	buffer_append_char(&json, ']');
	return keep(&json, arena);
}
