// SPDX-License-Identifier: MIT
#include "db/listing.h"
#include "db/review_filter.h"
#include "db/reviews.h"
#include "db/store.h"

static const struct list_order added = {
	.key = PLACE_ID,
	.head = FRAGMENT_REVIEW_HEAD_ADDED,
	.after = { FRAGMENT_REVIEW_AFTER_ADDED, FRAGMENT_REVIEW_BEFORE_ADDED },
	.by = { FRAGMENT_REVIEW_ORDER_ADDED, FRAGMENT_REVIEW_ORDER_ADDED_DOWN },
};

static const struct {
	struct list_order order;
	enum fragment_id index; /* has them in this order */
} orderings[] = {
	[REVIEW_ADDED] = { { 0 }, FRAGMENT_REVIEW_FROM_ALL },
	[REVIEW_ID] = { { .key = PLACE_TEXT,
				.head = FRAGMENT_REVIEW_HEAD_ID,
				.after = { FRAGMENT_REVIEW_AFTER_ID, FRAGMENT_REVIEW_BEFORE_ID },
				.by = { FRAGMENT_REVIEW_ORDER_ID, FRAGMENT_REVIEW_ORDER_ID_DOWN } },
		FRAGMENT_REVIEW_FROM_IDS },
	[REVIEW_PUBLISHED] = { { .key = PLACE_NUMBER,
				       .head = FRAGMENT_REVIEW_HEAD_PUBLISHED,
				       .known = FRAGMENT_REVIEW_KNOWN_PUBLISHED,
				       .unknown = FRAGMENT_REVIEW_UNKNOWN_PUBLISHED,
				       .after = { FRAGMENT_REVIEW_AFTER_PUBLISHED, FRAGMENT_REVIEW_BEFORE_PUBLISHED },
				       .by = { FRAGMENT_REVIEW_ORDER_PUBLISHED, FRAGMENT_REVIEW_ORDER_PUBLISHED_DOWN },
				       .rest = &added },
		FRAGMENT_REVIEW_FROM_PUBLISHED },
	[REVIEW_REVIEWER] = { { .key = PLACE_TEXT,
				      .head = FRAGMENT_REVIEW_HEAD_REVIEWER,
				      .known = FRAGMENT_REVIEW_KNOWN_REVIEWER,
				      .unknown = FRAGMENT_REVIEW_UNKNOWN_REVIEWER,
				      .after = { FRAGMENT_REVIEW_AFTER_REVIEWER, FRAGMENT_REVIEW_BEFORE_REVIEWER },
				      .by = { FRAGMENT_REVIEW_ORDER_REVIEWER, FRAGMENT_REVIEW_ORDER_REVIEWER_DOWN },
				      .rest = &added },
		FRAGMENT_REVIEW_FROM_REVIEWER },
	[REVIEW_TITLE] = { { .key = PLACE_TEXT,
				   .head = FRAGMENT_REVIEW_HEAD_TITLE,
				   .known = FRAGMENT_REVIEW_KNOWN_TITLE,
				   .unknown = FRAGMENT_REVIEW_UNKNOWN_TITLE,
				   .after = { FRAGMENT_REVIEW_AFTER_TITLE, FRAGMENT_REVIEW_BEFORE_TITLE },
				   .by = { FRAGMENT_REVIEW_ORDER_TITLE, FRAGMENT_REVIEW_ORDER_TITLE_DOWN },
				   .rest = &added },
		FRAGMENT_REVIEW_FROM_TITLE },
	[REVIEW_UPDATED] = { { .key = PLACE_TEXT,
				     .head = FRAGMENT_REVIEW_HEAD_UPDATED,
				     .after = { FRAGMENT_REVIEW_AFTER_UPDATED, FRAGMENT_REVIEW_BEFORE_UPDATED },
				     .by = { FRAGMENT_REVIEW_ORDER_UPDATED, FRAGMENT_REVIEW_ORDER_UPDATED_DOWN } },
		FRAGMENT_REVIEW_FROM_UPDATED },
};

/* The source that leaves out the most, and the tests of the other conditions. */
struct review_plan {
	struct assembly bound;
	enum fragment_id from, is; /* from: FRAGMENT_NONE for none that leaves out anything */
	struct int_list values;    /* of the source */
	bool is_narrow;            /* few come from it */
	enum fragment_id tests[12];
	size_t test_count;
};

static void plan_test(struct review_plan *plan, enum fragment_id test)
{
	plan->tests[plan->test_count++] = test;
}

/* One value is followed, several are tested. */
static enum db_status plan_list(struct review_plan *plan, const char *argument, const struct int_list *list,
	enum fragment_id from, enum fragment_id is, enum fragment_id test, struct arena *arena)
{
	if (!list->count)
		return DB_OK;
	if (list->count == 1 && !plan->from) {
		plan->from = from;
		plan->is = is;
		plan->is_narrow = true;
		plan->values = *list;
		return DB_OK;
	}
	const char *json = assembly_ints(list->items, list->count, arena);
	if (!json)
		return DB_NO_MEMORY;
	assembly_bind_text(&plan->bound, argument, json);
	plan_test(plan, test);
	return DB_OK;
}

/* Words lead to the reviews, whatever else is asked for. */
static enum db_status plan_words(struct review_plan *plan, const struct search_query *words, struct arena *arena)
{
	if (!words)
		return DB_OK;
	const char *match = words->match ? search_match_reviews(words, arena) : SEARCH_MATCH_NOTHING;
	if (!match)
		return DB_NO_MEMORY;
	assembly_bind_text(&plan->bound, ":match", match);
	plan->from = FRAGMENT_REVIEW_FROM_WORDS;
	plan->is_narrow = true;
	return DB_OK;
}

static enum db_status plan_filter(
	struct db *db, const struct review_filter *filter, struct arena *arena, struct review_plan *plan)
{
	unsigned given;
	enum db_status status = review_filter_bind(db, filter, arena, &plan->bound, &given);
	if (status != DB_OK)
		return status;
	if (!plan->from && filter->reviewers.count == 1) {
		plan->from = FRAGMENT_REVIEW_FROM_REVIEWER;
		plan->is = FRAGMENT_REVIEW_IS_REVIEWER;
		plan->is_narrow = true;
		given &= ~(1u << REVIEW_BY_REVIEWER);
	} else if (!plan->from && filter->updated_since) {
		plan->from = FRAGMENT_REVIEW_FROM_UPDATED;
		plan->is = FRAGMENT_REVIEW_IS_UPDATED;
		given &= ~(1u << REVIEW_BY_UPDATED);
	}
	for (int c = 0; c < REVIEW_CONDITIONS; c++) {
		if (given & 1u << c)
			plan_test(plan, review_condition_fragments[c]);
	}
	return DB_OK;
}

static enum db_status plan_make(
	struct db *db, const struct review_query *query, struct arena *arena, struct review_plan *plan)
{
	*plan = (struct review_plan) { 0 };
	enum db_status status = plan_words(plan, query->words, arena);
	if (status == DB_OK)
		status = plan_list(plan, ":work", &query->works, FRAGMENT_REVIEW_FROM_WORK, FRAGMENT_REVIEW_IS_WORK,
			FRAGMENT_REVIEW_WHERE_WORK, arena);
	if (status == DB_OK)
		status = plan_list(plan, ":agent", &query->agents, FRAGMENT_REVIEW_FROM_AGENT, FRAGMENT_REVIEW_IS_AGENT,
			FRAGMENT_REVIEW_WHERE_AGENT, arena);
	if (status == DB_OK)
		status = plan_list(plan, ":character", &query->characters, FRAGMENT_REVIEW_FROM_AGENT,
			FRAGMENT_REVIEW_IS_AGENT, FRAGMENT_REVIEW_WHERE_CHARACTER, arena);
	if (status == DB_OK)
		status = plan_list(plan, ":person", &query->people, FRAGMENT_REVIEW_FROM_AGENT,
			FRAGMENT_REVIEW_IS_AGENT, FRAGMENT_REVIEW_WHERE_PERSON, arena);
	if (query->codepoints_given) {
		assembly_bind_int(&plan->bound, ":min_codepoints", query->min_codepoints);
		assembly_bind_int(&plan->bound, ":max_codepoints", query->max_codepoints);
		plan_test(plan, FRAGMENT_REVIEW_WHERE_CODEPOINTS);
	}
	return status == DB_OK ? plan_filter(db, &query->filter, arena, plan) : status;
}

static void plan_add(const struct review_plan *plan, enum fragment_id from, struct assembly *assembly)
{
	assembly_add(assembly, from);
	assembly_add_condition(assembly, plan->is);
	for (size_t i = 0; i < plan->test_count; i++)
		assembly_add_condition(assembly, plan->tests[i]);
}

static enum db_status count(
	struct db *db, const struct review_plan *plan, const struct store_info *info, int64_t *ret_total)
{
	struct assembly assembly = plan->bound;
	*ret_total = info->reviews;
	if (!plan->from && !plan->test_count)
		return DB_OK;
	if (plan->values.count)
		assembly_bind_int(&assembly, ":value", plan->values.items[0]);
	assembly_add(&assembly, FRAGMENT_REVIEW_HEAD_COUNT);
	plan_add(plan, plan->from ? plan->from : FRAGMENT_REVIEW_FROM_ALL, &assembly);
	return assembly_count(db, &assembly, "review_count", info->revision, ret_total);
}

static enum db_status read_items(
	struct db *db, struct list_rows *rows, size_t limit, struct arena *arena, struct review_page *page)
{
	enum db_status status = DB_OK;
	page->more = listing_cut(rows, limit);
	page->items = arena_array(arena, rows->count, sizeof(*page->items));
	page->places = rows->items;
	if (!page->items)
		return DB_NO_MEMORY;
	for (; page->count < rows->count && status == DB_OK; page->count++)
		status = review_by_id(db, rows->items[page->count].id, arena, &page->items[page->count]);
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

enum db_status review_list(struct db *db, const struct review_query *query, enum review_order order, bool descending,
	const struct list_place *after, size_t limit, struct arena *arena, struct review_page *ret_page)
{
	struct review_page page = { 0 };
	struct review_plan plan;
	struct store_info info;
	struct list_rows rows = { 0 };
	enum db_status status = store_get(db, arena, &info);
	if (status == DB_OK)
		status = plan_make(db, query, arena, &plan);
	if (status == DB_OK)
		status = count(db, &plan, &info, &page.total);
	if (status != DB_OK)
		return status;
	struct listing listing = {
		.order = order == REVIEW_ADDED ? &added : &orderings[order].order,
		.descending = descending,
		.after = after,
		.limit = limit + 1,
		.from = plan.bound,
		.values = plan.values,
		.name = "review_list",
	};
	bool follows = plan.is_narrow || (plan.from && listing_scans(page.total, info.reviews, limit, 1));
	plan_add(&plan, follows ? plan.from : orderings[order].index, &listing.from);
	status = listing_rows(db, &listing, arena, &rows);
	if (status == DB_OK)
		status = read_items(db, &rows, limit, arena, &page);
	if (status == DB_OK)
		*ret_page = page;
	return status;
}
