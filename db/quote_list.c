// SPDX-License-Identifier: MIT
#include "db/quote_list.h"

#include <stdlib.h>
#include <string.h>

#include "db/connection.h"
#include "db/store.h"
#include "db/text/buffer.h"

/*
 * Conditions in the order in which they are preferred as the source of the list: the source gives the order by
 * following an index, the other conditions are then tested row by row.
 */
enum condition {
	BY_REVIEW,
	BY_CHARACTER,
	BY_PERSON,
	BY_SPEAKER,
	BY_ADDRESSEE,
	BY_ABOUT,
	BY_WORK,
	SOURCES, /* the conditions from here on are no sources */
	BY_FORM = SOURCES,
	BY_ATTRIBUTION,
	BY_LANGUAGE,
	CONDITIONS,
	NO_SOURCE = CONDITIONS /* all quotes: every condition is tested */
};

static const struct condition_sql {
	const char *argument;
	enum fragment_id where, from, is, in;
} condition_sql[CONDITIONS] = {
	[BY_REVIEW] = { ":review", FRAGMENT_QUOTE_WHERE_REVIEW, FRAGMENT_QUOTE_FROM_ALL, FRAGMENT_QUOTE_IS_REVIEW,
		FRAGMENT_QUOTE_IN_REVIEWS },
	[BY_CHARACTER] = { ":character", FRAGMENT_QUOTE_WHERE_CHARACTER, FRAGMENT_QUOTE_FROM_SPEAKER,
		FRAGMENT_QUOTE_IS_AGENT, FRAGMENT_QUOTE_IN_AGENTS },
	[BY_PERSON] = { ":person", FRAGMENT_QUOTE_WHERE_PERSON, FRAGMENT_QUOTE_FROM_SPEAKER, FRAGMENT_QUOTE_IS_AGENT,
		FRAGMENT_QUOTE_IN_AGENTS },
	[BY_SPEAKER] = { ":speaker", FRAGMENT_QUOTE_WHERE_SPEAKER, FRAGMENT_QUOTE_FROM_SPEAKER, FRAGMENT_QUOTE_IS_AGENT,
		FRAGMENT_QUOTE_IN_AGENTS },
	[BY_ADDRESSEE] = { ":addressee", FRAGMENT_QUOTE_WHERE_ADDRESSEE, FRAGMENT_QUOTE_FROM_ADDRESSEE,
		FRAGMENT_QUOTE_IS_AGENT, FRAGMENT_QUOTE_IN_AGENTS },
	[BY_ABOUT] = { ":about", FRAGMENT_QUOTE_WHERE_ABOUT, FRAGMENT_QUOTE_FROM_ABOUT, FRAGMENT_QUOTE_IS_AGENT,
		FRAGMENT_QUOTE_IN_AGENTS },
	[BY_WORK] = { ":work", FRAGMENT_QUOTE_WHERE_WORK, FRAGMENT_QUOTE_FROM_WORK, FRAGMENT_QUOTE_IS_WORK,
		FRAGMENT_QUOTE_IN_WORKS },
	[BY_FORM] = { .argument = ":form", .where = FRAGMENT_QUOTE_WHERE_FORM },
	[BY_ATTRIBUTION] = { .argument = ":attribution", .where = FRAGMENT_QUOTE_WHERE_ATTRIBUTION },
	[BY_LANGUAGE] = { .argument = ":language", .where = FRAGMENT_QUOTE_WHERE_LANGUAGE },
};

/* A filter as the statements want it: the values of each condition as a JSON array, NULL where there is none. */
struct plan {
	const char *values[CONDITIONS];
	const struct int_list *source_values;
	enum condition source; /* or NO_SOURCE */
};

static enum db_status plan_ints(
	struct plan *plan, enum condition condition, const struct int_list *list, struct arena *arena)
{
	if (!list->count)
		return DB_OK;
	struct buffer json = { 0 };
	for (size_t i = 0; i < list->count; i++)
		buffer_printf(&json, "%c%lld", i ? ',' : '[', (long long)list->items[i]);
	buffer_append_char(&json, ']');
	plan->values[condition] = json.failed ? NULL : arena_strndup(arena, json.data, json.length);
	buffer_deinit(&json);
	if (plan->source == NO_SOURCE && condition < SOURCES) {
		plan->source = condition;
		plan->source_values = list;
	}
	return plan->values[condition] ? DB_OK : DB_NO_MEMORY;
}

/* Language tags are letters, digits and hyphens: nothing to escape. */
static enum db_status plan_languages(struct plan *plan, const struct string_list *list, struct arena *arena)
{
	if (!list->count)
		return DB_OK;
	struct buffer json = { 0 };
	for (size_t i = 0; i < list->count; i++)
		buffer_printf(&json, "%c\"%s\"", i ? ',' : '[', list->items[i]);
	buffer_append_char(&json, ']');
	plan->values[BY_LANGUAGE] = json.failed ? NULL : arena_strndup(arena, json.data, json.length);
	buffer_deinit(&json);
	return plan->values[BY_LANGUAGE] ? DB_OK : DB_NO_MEMORY;
}

static enum db_status plan_make(const struct quote_filter *filter, struct arena *arena, struct plan *ret_plan)
{
	const struct int_list *lists[CONDITIONS] = {
		[BY_REVIEW] = &filter->reviews,
		[BY_CHARACTER] = &filter->characters,
		[BY_PERSON] = &filter->people,
		[BY_SPEAKER] = &filter->speakers,
		[BY_ADDRESSEE] = &filter->addressees,
		[BY_ABOUT] = &filter->about,
		[BY_WORK] = &filter->works,
		[BY_FORM] = &filter->forms,
		[BY_ATTRIBUTION] = &filter->attributions,
	};
	struct plan plan = { .source = NO_SOURCE };
	enum db_status status = plan_languages(&plan, &filter->languages, arena);
	for (enum condition c = 0; c < CONDITIONS && status == DB_OK; c++) {
		if (lists[c])
			status = plan_ints(&plan, c, lists[c], arena);
	}
	if (status == DB_OK)
		*ret_plan = plan;
	return status;
}

enum plan_head { HEAD_LIST, HEAD_COUNT, HEAD_COUNT_DISTINCT };

static void plan_append(struct buffer *sql, enum fragment_id fragment)
{
	buffer_append_string(sql, schema_fragments[fragment]);
	buffer_append_char(sql, '\n');
}

static void plan_sql(const struct plan *plan, enum plan_head head, struct buffer *sql)
{
	static const enum fragment_id heads[] = {
		[HEAD_LIST] = FRAGMENT_QUOTE_HEAD_LIST,
		[HEAD_COUNT] = FRAGMENT_QUOTE_HEAD_COUNT,
		[HEAD_COUNT_DISTINCT] = FRAGMENT_QUOTE_HEAD_COUNT_DISTINCT,
	};
	plan_append(sql, heads[head]);
	if (plan->source == NO_SOURCE) {
		plan_append(sql, FRAGMENT_QUOTE_FROM_ALL);
	} else {
		plan_append(sql, condition_sql[plan->source].from);
		plan_append(sql,
			head == HEAD_COUNT_DISTINCT ? condition_sql[plan->source].in : condition_sql[plan->source].is);
	}
	for (enum condition c = 0; c < CONDITIONS; c++) {
		if (plan->values[c] && c != plan->source)
			plan_append(sql, condition_sql[c].where);
	}
	if (head == HEAD_LIST)
		plan_append(sql, FRAGMENT_QUOTE_LIST_ORDER);
}

/* The statement for this combination: prepared before, or now in the place of the one that has been there longest. */
static enum db_status plan_prepare(struct db *db, const struct plan *plan, enum plan_head head, sqlite3_stmt **ret_stmt)
{
	uint64_t recipe = (uint64_t)(head + 1) << 32 | (uint64_t)plan->source << 16;
	for (enum condition c = 0; c < CONDITIONS; c++)
		recipe |= plan->values[c] ? (uint64_t)1 << c : 0;
	for (int i = 0; i < ASSEMBLED_MAX; i++) {
		if (db->assembled[i].recipe == recipe) {
			*ret_stmt = db->assembled[i].handle;
			return DB_OK;
		}
	}
	struct buffer sql = { 0 };
	plan_sql(plan, head, &sql);
	sqlite3_stmt *stmt = NULL;
	int code = sql.failed ? SQLITE_NOMEM
			      : sqlite3_prepare_v3(db->handle, sql.data, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
	buffer_deinit(&sql);
	if (code != SQLITE_OK)
		return db_status_from(db, code, "quote_list");
	struct assembled *slot = &db->assembled[db->assembled_next++ % ASSEMBLED_MAX];
	sqlite3_finalize(slot->handle);
	*slot = (struct assembled) { .recipe = recipe, .handle = stmt };
	*ret_stmt = stmt;
	return DB_OK;
}

static int plan_bind_text(sqlite3_stmt *stmt, const char *argument, const char *value)
{
	int index = sqlite3_bind_parameter_index(stmt, argument);
	return index ? sqlite3_bind_text(stmt, index, value, -1, SQLITE_STATIC) : SQLITE_OK;
}

static int plan_bind_int(sqlite3_stmt *stmt, const char *argument, int64_t value)
{
	int index = sqlite3_bind_parameter_index(stmt, argument);
	return index ? sqlite3_bind_int64(stmt, index, value) : SQLITE_OK;
}

static enum db_status plan_bind(struct db *db, const struct plan *plan, sqlite3_stmt *stmt, int64_t after)
{
	int code = plan_bind_int(stmt, ":after", after);
	for (enum condition c = 0; c < CONDITIONS && code == SQLITE_OK; c++) {
		if (plan->values[c] && c != plan->source)
			code = plan_bind_text(stmt, condition_sql[c].argument, plan->values[c]);
	}
	if (code == SQLITE_OK && plan->source != NO_SOURCE)
		code = plan_bind_text(stmt, ":values", plan->values[plan->source]);
	return db_status_from(db, code, "quote_list");
}

static void plan_reset(sqlite3_stmt *stmt)
{
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
}

/* Adds the ids of one value of the source behind those already there. */
static enum db_status plan_collect(
	struct db *db, const struct plan *plan, int64_t value, int64_t after, size_t limit, struct int_list *ids)
{
	sqlite3_stmt *stmt;
	enum db_status status = plan_prepare(db, plan, HEAD_LIST, &stmt);
	if (status != DB_OK)
		return status;
	status = plan_bind(db, plan, stmt, after);
	int code = plan_bind_int(stmt, ":value", value);
	if (code == SQLITE_OK)
		code = plan_bind_int(stmt, ":limit", (int64_t)limit);
	if (status == DB_OK && code == SQLITE_OK) {
		while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
			ids->items[ids->count++] = sqlite3_column_int64(stmt, 0);
		status = db_status_from(db, code, "quote_list");
	}
	plan_reset(stmt);
	return status == DB_OK ? db_status_from(db, code, "quote_list") : status;
}

static int compare_ids(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* Every run gave its first `limit`, so the first `limit` of them all are among these. */
static void merge_ids(struct int_list *ids, size_t limit)
{
	qsort(ids->items, ids->count, sizeof(*ids->items), compare_ids);
	size_t kept = 0;
	for (size_t i = 0; i < ids->count && kept < limit; i++) {
		if (!kept || ids->items[kept - 1] != ids->items[i])
			ids->items[kept++] = ids->items[i];
	}
	ids->count = kept;
}

enum db_status quote_list_ids(struct db *db, const struct quote_filter *filter, int64_t after, size_t limit,
	struct arena *arena, struct int_list *ret_ids)
{
	struct plan plan;
	enum db_status status = plan_make(filter, arena, &plan);
	if (status != DB_OK)
		return status;
	size_t runs = plan.source == NO_SOURCE ? 1 : plan.source_values->count;
	struct int_list ids = { .items = arena_array(arena, runs * limit, sizeof(*ids.items)) };
	if (!ids.items)
		return DB_NO_MEMORY;
	for (size_t i = 0; i < runs && status == DB_OK; i++)
		status = plan_collect(
			db, &plan, plan.source == NO_SOURCE ? 0 : plan.source_values->items[i], after, limit, &ids);
	if (runs > 1)
		merge_ids(&ids, limit);
	if (status == DB_OK)
		*ret_ids = ids;
	return status;
}

static bool filter_is_empty(const struct plan *plan)
{
	for (enum condition c = 0; c < CONDITIONS; c++) {
		if (plan->values[c])
			return false;
	}
	return true;
}

enum db_status quote_list_count(
	struct db *db, const struct quote_filter *filter, struct arena *arena, int64_t *ret_count)
{
	struct plan plan;
	struct store_info info;
	enum db_status status = plan_make(filter, arena, &plan);
	if (status == DB_OK && filter_is_empty(&plan)) {
		status = store_get(db, arena, &info);
		if (status == DB_OK)
			*ret_count = info.quotes;
		return status;
	}
	if (status != DB_OK)
		return status;
	bool several = plan.source != NO_SOURCE && plan.source_values->count > 1;
	sqlite3_stmt *stmt;
	status = plan_prepare(db, &plan, several ? HEAD_COUNT_DISTINCT : HEAD_COUNT, &stmt);
	if (status != DB_OK)
		return status;
	status = plan_bind(db, &plan, stmt, 0);
	int code = plan.source == NO_SOURCE ? SQLITE_OK : plan_bind_int(stmt, ":value", plan.source_values->items[0]);
	if (status == DB_OK && code == SQLITE_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		*ret_count = sqlite3_column_int64(stmt, 0);
	plan_reset(stmt);
	return status == DB_OK ? db_status_from(db, code, "quote_count") : status;
}
