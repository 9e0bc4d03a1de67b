// SPDX-License-Identifier: MIT
#include "db/quote_list.h"

#include "db/quote_walk.h"
#include "db/stmt.h"

/* Without knowing how many quotes fit, a walk is given up after this many steps, and all that fit are looked at. */
enum { WALK_STEPS_MAX = 2048 };

/* To find a quote in an index costs about as much as to look at one that fits; in a walk it takes some steps more. */
enum { INDEX_WEIGHT = 1, WALK_WEIGHT = 32 };

static const struct list_order added = {
	.key = PLACE_ID,
	.head = FRAGMENT_QUOTE_HEAD,
	.after = { FRAGMENT_QUOTE_AFTER_ADDED, FRAGMENT_QUOTE_BEFORE_ADDED },
	.by = { FRAGMENT_QUOTE_ORDER_ADDED, FRAGMENT_QUOTE_ORDER_ADDED_DOWN },
};

/* The same in other words, which let SQLite see that it has them in this order already. */
static const struct list_order added_by_review = {
	.key = PLACE_ID,
	.head = FRAGMENT_QUOTE_HEAD,
	.after = { FRAGMENT_QUOTE_AFTER_ADDED_BY_REVIEW, FRAGMENT_QUOTE_BEFORE_ADDED_BY_REVIEW },
	.by = { FRAGMENT_QUOTE_ORDER_ADDED_BY_REVIEW, FRAGMENT_QUOTE_ORDER_ADDED_BY_REVIEW_DOWN },
};

static const struct quote_ordering {
	struct list_order order;
	unsigned needs;
	enum quote_source index; /* has them in this order */
} orderings[] = {
	[QUOTE_ADDED] = { .index = FROM_QUOTES },
	[QUOTE_LENGTH] = { { .key = PLACE_NUMBER,
				   .head = FRAGMENT_QUOTE_HEAD_CODEPOINTS,
				   .after = { FRAGMENT_QUOTE_AFTER_CODEPOINTS, FRAGMENT_QUOTE_BEFORE_CODEPOINTS },
				   .by = { FRAGMENT_QUOTE_ORDER_CODEPOINTS, FRAGMENT_QUOTE_ORDER_CODEPOINTS_DOWN } },
		NEEDS_QUOTE, FROM_CODEPOINTS },
	[QUOTE_PUBLISHED] = { { .key = PLACE_NUMBER,
				      .head = FRAGMENT_QUOTE_HEAD_PUBLISHED,
				      .known = FRAGMENT_QUOTE_KNOWN_PUBLISHED,
				      .unknown = FRAGMENT_QUOTE_UNKNOWN_PUBLISHED,
				      .after = { FRAGMENT_QUOTE_AFTER_PUBLISHED, FRAGMENT_QUOTE_BEFORE_PUBLISHED },
				      .by = { FRAGMENT_QUOTE_ORDER_PUBLISHED, FRAGMENT_QUOTE_ORDER_PUBLISHED_DOWN } },
		NEEDS_REVIEW, FROM_PUBLISHED },
	[QUOTE_RANDOM] = { { .key = PLACE_NUMBER,
				   .head = FRAGMENT_QUOTE_HEAD_SHUFFLED,
				   .after = { FRAGMENT_QUOTE_AFTER_SHUFFLED },
				   .by = { FRAGMENT_QUOTE_ORDER_SHUFFLED } },
		NEEDS_QUOTE, FROM_QUOTES },
	[QUOTE_UPDATED] = { { .key = PLACE_TEXT,
				    .head = FRAGMENT_QUOTE_HEAD_UPDATED,
				    .after = { FRAGMENT_QUOTE_AFTER_UPDATED, FRAGMENT_QUOTE_BEFORE_UPDATED },
				    .by = { FRAGMENT_QUOTE_ORDER_UPDATED, FRAGMENT_QUOTE_ORDER_UPDATED_DOWN } },
		NEEDS_REVIEW, FROM_ALL_UPDATED },
};

static enum db_status count_summed(
	struct db *db, const struct quote_plan *plan, unsigned needs, int64_t revision, int64_t *ret_count)
{
	struct assembly assembly = plan->bound;
	assembly_add(&assembly,
		needs & NEEDS_QUOTE ? FRAGMENT_QUOTE_HEAD_SUM_OF_TRAITS : FRAGMENT_QUOTE_HEAD_SUM_OF_REVIEWS);
	quote_plan_add_summed(plan, needs, &assembly);
	return assembly_count(db, &assembly, "quote_count", revision, ret_count);
}

static enum db_status count_of_agent(struct db *db, const struct quote_plan *plan, int64_t revision, int64_t *ret_count)
{
	struct assembly assembly = plan->bound;
	assembly_add(&assembly, FRAGMENT_QUOTE_HEAD_SUM_OF_ROLES);
	assembly_add(&assembly, FRAGMENT_QUOTE_FROM_AGENT_ROLE);
	assembly_add_condition(&assembly, FRAGMENT_QUOTE_IS_AGENT);
	assembly_bind_int(&assembly, ":value", plan->values.items[0]);
	return assembly_count(db, &assembly, "quote_count", revision, ret_count);
}

static enum db_status count_rows(struct db *db, const struct quote_plan *plan, int64_t revision, int64_t *ret_count)
{
	struct assembly assembly = plan->bound;
	assembly_add(
		&assembly, quote_plan_repeats(plan) ? FRAGMENT_QUOTE_HEAD_COUNT_DISTINCT : FRAGMENT_QUOTE_HEAD_COUNT);
	quote_plan_add_all(plan, 0, FRAGMENT_NONE, &assembly);
	return assembly_count(db, &assembly, "quote_count", revision, ret_count);
}

enum db_status quote_list_count(
	struct db *db, const struct quote_plan *plan, const struct store_info *store, int64_t *ret_count)
{
	unsigned needs = 0;
	*ret_count = store->quotes;
	if (!plan->given)
		return DB_OK;
	if (quote_plan_is_of_one_agent(plan))
		return count_of_agent(db, plan, store->revision, ret_count);
	if (quote_plan_is_summed(plan, &needs))
		return count_summed(db, plan, needs, store->revision, ret_count);
	return count_rows(db, plan, store->revision, ret_count);
}

/* The index that has the order; conditions may have one with less in it. */
static enum quote_source choose_index(const struct quote_plan *plan, enum quote_order order)
{
	if (order == QUOTE_ADDED && quote_plan_is_on_reviews(plan))
		return FROM_REVIEWS;
	if (order == QUOTE_UPDATED && quote_plan_scan(plan) == FROM_UPDATED)
		return FROM_UPDATED;
	return orderings[order].index;
}

static enum db_status follow(struct db *db, const struct quote_plan *plan, enum quote_source source,
	const struct quote_sort *sort, const struct list_place *after, size_t limit, struct arena *arena,
	struct list_rows *ret_rows)
{
	const struct list_order *by_id = quote_source_begins_with_reviews(source) ? &added_by_review : &added;
	struct list_order order = sort->order == QUOTE_ADDED ? *by_id : orderings[sort->order].order;
	if (order.unknown)
		order.rest = by_id;
	struct listing listing = {
		.order = &order,
		.descending = sort->descending,
		.after = after,
		.limit = limit,
		.from = plan->bound,
		.values = source == plan->source ? plan->values : (struct int_list) { 0 },
		.name = "quote_list",
	};
	assembly_bind_int(&listing.from, ":seed", (int64_t)sort->seed);
	quote_plan_add(plan, source, orderings[sort->order].needs, FRAGMENT_NONE, &listing.from);
	return listing_rows(db, &listing, arena, ret_rows);
}

/* A condition with an index of its own has its quotes in the order in which they came. */
static bool is_in_order(const struct quote_plan *plan, enum quote_order order)
{
	return order == QUOTE_ADDED && plan->source != FROM_QUOTES;
}

/* The place tells how the list was begun, and it is gone on with in the same way: the two are different orders. */
static enum db_status shuffle(struct db *db, const struct quote_plan *plan, const struct quote_sort *sort,
	const struct list_place *after, size_t limit, int64_t fitting, int64_t all, struct arena *arena,
	struct list_rows *ret_rows)
{
	bool walks = !plan->given || fitting == QUOTES_UNCOUNTED || !listing_scans(fitting, all, limit, WALK_WEIGHT);
	if (after)
		walks = after->key == PLACE_STEP;
	if (!walks || quote_plan_is_of_words(plan))
		return follow(db, plan, quote_plan_scan(plan), sort, after, limit, arena, ret_rows);
	int64_t places = 0;
	enum db_status status = after ? DB_OK : stmt_count(db_stmt(db, STMT_QUOTE_PLACES), &places);
	if (status != DB_OK)
		return status;
	bool tries = plan->given && fitting == QUOTES_UNCOUNTED;
	struct quote_walk walk = {
		.shuffle = { .seed = sort->seed, .bits = after ? after->bits : shuffle_walk_bits(places) },
		.after = after,
		.steps_max = tries ? WALK_STEPS_MAX : UINT64_MAX,
	};
	status = quote_walk_rows(db, plan, &walk, limit, arena, ret_rows);
	if (status == DB_OK && !ret_rows->count && tries)
		status = follow(db, plan, quote_plan_scan(plan), sort, NULL, limit, arena, ret_rows);
	return status;
}

enum db_status quote_list_rows(struct db *db, const struct quote_plan *plan, const struct quote_sort *sort,
	const struct list_place *after, size_t limit, int64_t fitting, int64_t all, struct arena *arena,
	struct list_rows *ret_rows)
{
	if (sort->order == QUOTE_RANDOM)
		return shuffle(db, plan, sort, after, limit, fitting, all, arena, ret_rows);
	bool scans = is_in_order(plan, sort->order) || quote_plan_is_of_words(plan) ||
		     (plan->given && listing_scans(fitting, all, limit, INDEX_WEIGHT));
	return follow(db, plan, scans ? quote_plan_scan(plan) : choose_index(plan, sort->order), sort, after, limit,
		arena, ret_rows);
}
