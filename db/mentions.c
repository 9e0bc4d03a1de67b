// SPDX-License-Identifier: MIT
#include "db/mentions.h"

#include "db/listing.h"
#include "db/log.h"
#include "db/numbers.h"
#include "db/review_filter.h"
#include "db/spans.h"
#include "db/stmt.h"
#include "db/store.h"

/* Mentions of a page, which are read one by one. */
struct mention_reading {
	struct db *db;
	struct arena *arena;
	struct known_agents known;
};

static enum db_status refuse_row(int64_t mention_id)
{
	log_line("store: the span or the agents of mention %lld are none; run 'reviewd check'", (long long)mention_id);
	return DB_CORRUPT;
}

static enum db_status read_agents(struct mention_reading *reading, const char *agents, struct mention *mention)
{
	uint64_t agent_id;
	while (numbers_next(&agents, INT64_MAX, 1, &agent_id)) {
		enum db_status status = agent_refs_add(
			reading->db, (int64_t)agent_id, &reading->known, reading->arena, &mention->agents);
		if (status != DB_OK)
			return status;
	}
	return *agents ? refuse_row(mention->mention_id) : DB_OK;
}

static enum db_status read_mention(struct mention_reading *reading, int64_t mention_id, struct mention *ret_mention)
{
	STMT_LEASE struct stmt *stmt = db_stmt(reading->db, STMT_MENTION_BY_ID);
	stmt_bind_int(stmt, ARG_MENTION_BY_ID_MENTION_ID, mention_id);
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status;
	struct arena *arena = reading->arena;
	struct mention mention = {
		.mention_id = mention_id,
		.review_slug = stmt_copy(stmt, COL_MENTION_BY_ID_REVIEW_SLUG, arena),
		.work = { .work_id = stmt_int(stmt, COL_MENTION_BY_ID_WORK_ID),
			.slug = stmt_copy(stmt, COL_MENTION_BY_ID_WORK_SLUG, arena),
			.title = stmt_copy(stmt, COL_MENTION_BY_ID_WORK_TITLE, arena) },
	};
	const char *spans = stmt_text(stmt, COL_MENTION_BY_ID_SPAN, NULL);
	const char *agents = stmt_text(stmt, COL_MENTION_BY_ID_AGENTS, NULL);
	struct span span;
	status = stmt_row_status(stmt);
	if (status == DB_OK && !spans_only(spans, &span))
		status = refuse_row(mention_id);
	if (status == DB_OK)
		status = passage_read(reading->db, stmt_int(stmt, COL_MENTION_BY_ID_REVIEW_ID),
			(uint64_t)stmt_int(stmt, COL_MENTION_BY_ID_TEXT_BYTES), &span, PASSAGE_CONTEXT, arena,
			&mention.passage);
	if (status == DB_OK)
		status = read_agents(reading, agents, &mention);
	if (status == DB_OK)
		*ret_mention = mention;
	return status;
}

static enum db_status add_list(struct assembly *assembly, const char *argument, const struct int_list *list,
	enum fragment_id test, struct arena *arena)
{
	if (!list->count)
		return DB_OK;
	const char *json = assembly_ints(list->items, list->count, arena);
	if (!json)
		return DB_NO_MEMORY;
	assembly_bind_text(assembly, argument, json);
	assembly_add_condition(assembly, test);
	return DB_OK;
}

static enum db_status add_from_review(const struct mention_query *query, struct arena *arena, struct assembly *assembly)
{
	assembly_add(assembly, FRAGMENT_MENTION_FROM_REVIEW);
	assembly_add_condition(assembly, FRAGMENT_MENTION_IS_REVIEW);
	enum db_status status =
		add_list(assembly, ":character", &query->characters, FRAGMENT_MENTION_WHERE_CHARACTER, arena);
	if (status == DB_OK)
		status = add_list(assembly, ":person", &query->people, FRAGMENT_MENTION_WHERE_PERSON, arena);
	return status == DB_OK ? add_list(assembly, ":work", &query->works, FRAGMENT_MENTION_WHERE_WORK, arena)
			       : status;
}

/* The reviews are looked at only if something is asked of them. */
static enum db_status add_from_agent(
	struct db *db, const struct mention_query *query, struct arena *arena, struct assembly *assembly)
{
	const struct review_filter *filter = &query->filter;
	bool in_reviews = query->works.count || filter->languages.count || filter->reviewers.count ||
			  filter->published_given || filter->updated_since;
	assembly_add(assembly, in_reviews ? FRAGMENT_MENTION_FROM_AGENT_IN_REVIEWS : FRAGMENT_MENTION_FROM_AGENT);
	assembly_add_condition(assembly, FRAGMENT_MENTION_IS_AGENT);
	enum db_status status = add_list(assembly, ":review", &query->reviews, FRAGMENT_MENTION_WHERE_REVIEW, arena);
	if (status == DB_OK)
		status = add_list(assembly, ":work", &query->works, FRAGMENT_MENTION_WHERE_REVIEW_OF_WORK, arena);
	return status == DB_OK ? review_filter_add(db, filter, arena, assembly) : status;
}

enum db_status mention_list(struct db *db, const struct mention_query *query, const struct list_place *after,
	size_t limit, struct arena *arena, struct mention_page *ret_page)
{
	static const struct list_order order = {
		.key = PLACE_ID,
		.head = FRAGMENT_MENTION_HEAD,
		.after = { FRAGMENT_MENTION_AFTER },
		.by = { FRAGMENT_MENTION_ORDER },
	};
	struct mention_page page = { 0 };
	struct mention_reading reading = { .db = db, .arena = arena };
	struct list_rows rows = { 0 };
	int64_t value = query->review_id ? query->review_id : query->agent_id;
	struct listing listing = {
		.order = &order, .after = after, .limit = limit + 1, .values = { &value, 1 }, .name = "mention_list"
	};
	struct assembly counting;
	struct store_info info;
	enum db_status status = store_get(db, arena, &info);
	if (status == DB_OK)
		status = query->review_id ? add_from_review(query, arena, &listing.from)
					  : add_from_agent(db, query, arena, &listing.from);
	if (status == DB_OK) {
		counting = listing.from;
		assembly_put_head(&counting, FRAGMENT_MENTION_HEAD_COUNT);
		assembly_bind_int(&counting, ":value", value);
		status = assembly_count(db, &counting, "mention_count", info.revision, &page.total);
	}
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
		status = read_mention(&reading, page.last.id, &page.items[page.count]);
	}
	if (status == DB_OK)
		*ret_page = page;
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

enum db_status mentions_convert(struct db *db, enum offset_unit unit, struct mention *mentions, size_t count)
{
	enum db_status status = DB_OK;
	for (size_t i = 0; i < count && status == DB_OK; i++)
		status =
			passage_convert(db, unit, mentions[i].mention_id / ITEMS_PER_REVIEW, &mentions[i].passage.span);
	return status;
}
