// SPDX-License-Identifier: MIT
#include "db/review_filter.h"

#include "db/text/language.h"

const enum fragment_id review_condition_fragments[REVIEW_CONDITIONS] = {
	[REVIEW_BY_REVIEWER] = FRAGMENT_REVIEW_WHERE_REVIEWER,
	[REVIEW_BY_UPDATED] = FRAGMENT_REVIEW_WHERE_UPDATED,
	[REVIEW_BY_LANGUAGE] = FRAGMENT_REVIEW_WHERE_LANGUAGE,
	[REVIEW_BY_PUBLISHED] = FRAGMENT_REVIEW_WHERE_PUBLISHED,
};

/* The languages of the store that one of the ranges takes; a handful, so that rows are compared with them whole. */
static enum db_status find_languages(
	struct db *db, const struct string_list *ranges, struct arena *arena, struct string_list *ret_list)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_REVIEW_LANGUAGES);
	struct string_list found = { 0 };
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		const char *language = stmt_copy(stmt, COL_REVIEW_LANGUAGES_LANGUAGE, arena);
		const char **items = arena_push(arena, found.items, found.count, sizeof(*items));
		if (!language || !items)
			return DB_NO_MEMORY;
		found.items = items;
		for (size_t i = 0; i < ranges->count; i++) {
			if (language_fits(ranges->items[i], language)) {
				items[found.count++] = language;
				break;
			}
		}
	}
	*ret_list = found;
	return status == DB_NOT_FOUND ? DB_OK : status;
}

enum db_status review_filter_bind(struct db *db, const struct review_filter *filter, struct arena *arena,
	struct assembly *assembly, unsigned *ret_given)
{
	unsigned given = 0;
	if (filter->languages.count) {
		struct string_list languages;
		enum db_status status = find_languages(db, &filter->languages, arena, &languages);
		if (status != DB_OK)
			return status;
		const char *json = assembly_texts(&languages, arena);
		if (!json)
			return DB_NO_MEMORY;
		assembly_bind_text(assembly, ":language", json);
		given |= 1u << REVIEW_BY_LANGUAGE;
	}
	if (filter->reviewers.count) {
		const char *json = assembly_texts(&filter->reviewers, arena);
		if (!json)
			return DB_NO_MEMORY;
		assembly_bind_text(assembly, ":reviewer", json);
		assembly_bind_text(assembly, ":reviewer_key", filter->reviewers.items[0]);
		given |= 1u << REVIEW_BY_REVIEWER;
	}
	if (filter->published_given) {
		assembly_bind_int(assembly, ":published_from", filter->published_from);
		assembly_bind_int(assembly, ":published_to", filter->published_to);
		given |= 1u << REVIEW_BY_PUBLISHED;
	}
	if (filter->updated_since) {
		assembly_bind_text(assembly, ":updated_since", filter->updated_since);
		given |= 1u << REVIEW_BY_UPDATED;
	}
	*ret_given = given;
	return DB_OK;
}

enum db_status review_filter_add(
	struct db *db, const struct review_filter *filter, struct arena *arena, struct assembly *assembly)
{
	unsigned given;
	enum db_status status = review_filter_bind(db, filter, arena, assembly, &given);
	for (int c = 0; c < REVIEW_CONDITIONS && status == DB_OK; c++) {
		if (given & 1u << c)
			assembly_add_condition(assembly, review_condition_fragments[c]);
	}
	return status;
}
