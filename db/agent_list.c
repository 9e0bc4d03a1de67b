// SPDX-License-Identifier: MIT
#include "db/agents.h"
#include "db/listing.h"
#include "db/store.h"

static const struct list_order orders[] = {
	[AGENT_ADDED] = { .key = PLACE_NUMBER,
		.head = FRAGMENT_AGENT_HEAD_ADDED,
		.after = { FRAGMENT_AGENT_AFTER_ADDED, FRAGMENT_AGENT_BEFORE_ADDED },
		.by = { FRAGMENT_AGENT_ORDER_ADDED, FRAGMENT_AGENT_ORDER_ADDED_DOWN } },
	[AGENT_ID] = { .key = PLACE_TEXT,
		.head = FRAGMENT_AGENT_HEAD_ID,
		.after = { FRAGMENT_AGENT_AFTER_ID, FRAGMENT_AGENT_BEFORE_ID },
		.by = { FRAGMENT_AGENT_ORDER_ID, FRAGMENT_AGENT_ORDER_ID_DOWN } },
	[AGENT_NAME] = { .key = PLACE_TEXT,
		.head = FRAGMENT_AGENT_HEAD_NAME,
		.after = { FRAGMENT_AGENT_AFTER_NAME, FRAGMENT_AGENT_BEFORE_NAME },
		.by = { FRAGMENT_AGENT_ORDER_NAME, FRAGMENT_AGENT_ORDER_NAME_DOWN } },
};

/* Agents of reviews are looked up by their numbers; all of a kind are followed in their order. */
static enum db_status add_from(
	const struct agent_query *query, enum agent_order order, struct arena *arena, struct assembly *assembly)
{
	const char *reviews = assembly_ints(query->reviews.items, query->reviews.count, arena);
	const char *works = assembly_ints(query->works.items, query->works.count, arena);
	bool in_bundle = order == AGENT_ADDED, some = query->reviews.count || query->works.count;
	if (!reviews || !works)
		return DB_NO_MEMORY;
	assembly_bind_int(assembly, ":kind", query->kind);
	assembly_bind_text(assembly, ":review", reviews);
	assembly_bind_text(assembly, ":work", works);
	assembly_add(assembly, in_bundle             ? FRAGMENT_AGENT_FROM_REVIEW
			       : some                ? FRAGMENT_AGENT_FROM_SOME
			       : order == AGENT_NAME ? FRAGMENT_AGENT_FROM_NAMES
						     : FRAGMENT_AGENT_FROM_IDS);
	assembly_add_condition(assembly, FRAGMENT_AGENT_IS_KIND);
	if (in_bundle)
		assembly_add_condition(assembly, FRAGMENT_AGENT_IS_REVIEW);
	else if (query->reviews.count)
		assembly_add_condition(assembly, FRAGMENT_AGENT_WHERE_REVIEW);
	if (query->works.count)
		assembly_add_condition(assembly, FRAGMENT_AGENT_WHERE_WORK);
	return DB_OK;
}

static enum db_status count(struct db *db, const struct agent_query *query, struct arena *arena, int64_t *ret_total)
{
	struct store_info info;
	struct assembly assembly = { 0 };
	enum db_status status = store_get(db, arena, &info);
	if (status != DB_OK)
		return status;
	*ret_total = info.agents[query->kind];
	if (!query->reviews.count && !query->works.count)
		return DB_OK;
	assembly_add(&assembly, FRAGMENT_AGENT_HEAD_COUNT);
	status = add_from(query, AGENT_ID, arena, &assembly);
	return status == DB_OK ? assembly_count(db, &assembly, "agent_count", info.revision, ret_total) : status;
}

enum db_status agent_list(struct db *db, const struct agent_query *query, enum agent_order order, bool descending,
	const struct list_place *after, size_t limit, struct arena *arena, struct agent_page *ret_page)
{
	struct agent_page page = { 0 };
	struct list_rows rows = { 0 };
	struct listing listing = {
		.order = &orders[order],
		.descending = descending,
		.after = after,
		.limit = limit + 1,
		.name = "agent_list",
	};
	if (order == AGENT_ADDED)
		listing.values = query->reviews;
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
		status = agent_by_id(db, page.last.id, arena, &page.items[page.count]);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}
