// SPDX-License-Identifier: MIT
#include "db/listing.h"
#include "db/store.h"
#include "db/works.h"

static const struct list_order added = {
	.key = PLACE_ID,
	.after = { FRAGMENT_WORK_AFTER_NUMBER, FRAGMENT_WORK_BEFORE_NUMBER },
	.by = { FRAGMENT_WORK_ORDER_NUMBER, FRAGMENT_WORK_ORDER_NUMBER_DOWN },
};

static const struct {
	struct list_order order;
	enum fragment_id index; /* has them in this order */
} orderings[] = {
	[WORK_ID] = { { .key = PLACE_TEXT,
			      .head = FRAGMENT_WORK_HEAD_ID,
			      .after = { FRAGMENT_WORK_AFTER_ID, FRAGMENT_WORK_BEFORE_ID },
			      .by = { FRAGMENT_WORK_ORDER_ID, FRAGMENT_WORK_ORDER_ID_DOWN } },
		FRAGMENT_WORK_FROM_IDS },
	[WORK_PUBLISHED] = { { .key = PLACE_NUMBER,
				     .head = FRAGMENT_WORK_HEAD_PUBLISHED,
				     .known = FRAGMENT_WORK_KNOWN_PUBLISHED,
				     .unknown = FRAGMENT_WORK_UNKNOWN_PUBLISHED,
				     .after = { FRAGMENT_WORK_AFTER_PUBLISHED, FRAGMENT_WORK_BEFORE_PUBLISHED },
				     .by = { FRAGMENT_WORK_ORDER_PUBLISHED, FRAGMENT_WORK_ORDER_PUBLISHED_DOWN },
				     .rest = &added },
		FRAGMENT_WORK_FROM_PUBLISHED },
	[WORK_TITLE] = { { .key = PLACE_TEXT,
				 .head = FRAGMENT_WORK_HEAD_TITLE,
				 .known = FRAGMENT_WORK_KNOWN_TITLE,
				 .unknown = FRAGMENT_WORK_UNKNOWN_TITLE,
				 .after = { FRAGMENT_WORK_AFTER_TITLE, FRAGMENT_WORK_BEFORE_TITLE },
				 .by = { FRAGMENT_WORK_ORDER_TITLE, FRAGMENT_WORK_ORDER_TITLE_DOWN },
				 .rest = &added },
		FRAGMENT_WORK_FROM_TITLE },
};

static enum db_status bind_ints(
	struct assembly *assembly, const char *argument, const struct int_list *list, struct arena *arena)
{
	const char *json = assembly_ints(list->items, list->count, arena);
	if (!json)
		return DB_NO_MEMORY;
	assembly_bind_text(assembly, argument, json);
	return DB_OK;
}

static enum db_status bind_all(const struct work_query *query, struct arena *arena, struct assembly *assembly)
{
	const char *languages = assembly_texts(&query->languages, arena);
	if (!languages)
		return DB_NO_MEMORY;
	assembly_bind_text(assembly, ":language", languages);
	assembly_bind_int(assembly, ":published_from", query->published_from);
	assembly_bind_int(assembly, ":published_to", query->published_to);
	enum db_status status = bind_ints(assembly, ":character", &query->characters, arena);
	if (status == DB_OK)
		status = bind_ints(assembly, ":person", &query->people, arena);
	return status == DB_OK ? bind_ints(assembly, ":review", &query->reviews, arena) : status;
}

/* Works of reviews and agents are looked up by their numbers; otherwise the index of the order is followed. */
static enum db_status add_from(
	const struct work_query *query, enum work_order order, struct arena *arena, struct assembly *assembly)
{
	bool some = query->characters.count || query->people.count || query->reviews.count;
	assembly_add(assembly, some ? FRAGMENT_WORK_FROM_SOME : orderings[order].index);
	assembly_add_condition(assembly, query->characters.count ? FRAGMENT_WORK_WHERE_CHARACTER : FRAGMENT_NONE);
	assembly_add_condition(assembly, query->people.count ? FRAGMENT_WORK_WHERE_PERSON : FRAGMENT_NONE);
	assembly_add_condition(assembly, query->reviews.count ? FRAGMENT_WORK_WHERE_REVIEW : FRAGMENT_NONE);
	assembly_add_condition(assembly, query->languages.count ? FRAGMENT_WORK_WHERE_LANGUAGE : FRAGMENT_NONE);
	assembly_add_condition(assembly, query->published_given ? FRAGMENT_WORK_WHERE_PUBLISHED : FRAGMENT_NONE);
	return bind_all(query, arena, assembly);
}

static enum db_status count(struct db *db, const struct work_query *query, struct arena *arena, int64_t *ret_total)
{
	struct store_info info;
	struct assembly assembly = { 0 };
	enum db_status status = store_get(db, arena, &info);
	if (status != DB_OK)
		return status;
	*ret_total = info.works;
	if (!query->characters.count && !query->people.count && !query->reviews.count && !query->languages.count &&
		!query->published_given)
		return DB_OK;
	assembly_add(&assembly, FRAGMENT_WORK_HEAD_COUNT);
	status = add_from(query, WORK_ID, arena, &assembly);
	return status == DB_OK ? assembly_count(db, &assembly, "work_count", info.revision, ret_total) : status;
}

enum db_status work_list(struct db *db, const struct work_query *query, enum work_order order, bool descending,
	const struct list_place *after, size_t limit, struct arena *arena, struct work_page *ret_page)
{
	struct work_page page = { 0 };
	struct list_rows rows = { 0 };
	struct listing listing = {
		.order = &orderings[order].order,
		.descending = descending,
		.after = after,
		.limit = limit + 1,
		.name = "work_list",
	};
	enum db_status status = count(db, query, arena, &page.total);
	if (status == DB_OK)
		status = add_from(query, order, arena, &listing.from);
	if (status == DB_OK)
		status = listing_rows(db, &listing, arena, &rows);
	if (status != DB_OK)
		return status;
	page.more = listing_cut(&rows, limit);
	page.items = arena_array(arena, rows.count, sizeof(*page.items));
	if (!page.items)
		return DB_NO_MEMORY;
	for (; page.count < rows.count && status == DB_OK; page.count++) {
		page.last = rows.items[page.count];
		status = work_by_id(db, page.last.id, arena, &page.items[page.count]);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}
