// SPDX-License-Identifier: MIT
#include "db/bundle_get.h"

#include <string.h>

#include "db/agents.h"
#include "db/log.h"
#include "db/numbers.h"
#include "db/quotes.h"
#include "db/reviews.h"
#include "db/spans.h"
#include "db/stmt.h"
#include "db/works.h"

/* Where an id of the store stands in the bundle: open addressing, at most half full. */
struct id_index {
	struct id_slot {
		int64_t id; /* 0: free */
		size_t index;
	} * slots;
	size_t size; /* a power of two */
	size_t count;
};

struct getting {
	struct db *db;
	struct arena *arena;
	struct bundle *bundle;
	struct id_index agents, works;
};

static struct id_slot *id_index_find(const struct id_index *ids, int64_t id)
{
	size_t at = (size_t)((uint64_t)id * 0x9e3779b97f4a7c15u >> 32) & (ids->size - 1);
	while (ids->slots[at].id && ids->slots[at].id != id)
		at = (at + 1) & (ids->size - 1);
	return &ids->slots[at];
}

static bool id_index_add(struct id_index *ids, struct arena *arena, int64_t id, size_t index)
{
	if (2 * (ids->count + 1) > ids->size) {
		struct id_index larger = { .size = ids->size ? 2 * ids->size : 32, .count = ids->count };
		larger.slots = arena_array(arena, larger.size, sizeof(*larger.slots));
		if (!larger.slots)
			return false;
		for (size_t i = 0; i < ids->size; i++) {
			if (ids->slots[i].id)
				*id_index_find(&larger, ids->slots[i].id) = ids->slots[i];
		}
		*ids = larger;
	}
	*id_index_find(ids, id) = (struct id_slot) { id, index };
	ids->count++;
	return true;
}

/* BUNDLE_NONE when the id is not there. */
static size_t id_index_get(const struct id_index *ids, int64_t id)
{
	const struct id_slot *slot = ids->size ? id_index_find(ids, id) : NULL;
	return slot && slot->id ? slot->index : BUNDLE_NONE;
}

static enum db_status get_dangling(const struct getting *get)
{
	log_line("store: review %s refers to what does not belong to it; run 'reviewd check'", get->bundle->slug);
	return DB_CORRUPT;
}

static enum db_status get_add_agent(struct getting *get, const struct agent *agent, bool declared, size_t *ret_index)
{
	struct bundle *bundle = get->bundle;
	struct bundle_agent *items = arena_push(get->arena, bundle->agents, bundle->agent_count, sizeof(*items));
	if (!items || !id_index_add(&get->agents, get->arena, agent->ref.agent_id, bundle->agent_count))
		return DB_NO_MEMORY;
	bundle->agents = items;
	*ret_index = bundle->agent_count;
	items[bundle->agent_count++] = (struct bundle_agent) {
		.slug = agent->ref.slug,
		.name = agent->ref.name,
		.kind = agent->ref.kind,
		.description = agent->description,
		.aliases = agent->aliases,
		.same_as = agent->same_as,
		.kind_given = declared,
		.description_given = declared,
		.same_as_given = declared,
		.declared = declared,
	};
	return DB_OK;
}

static enum db_status get_agents(struct getting *get, int64_t review_id)
{
	STMT_LEASE struct stmt *stmt = db_stmt(get->db, STMT_BUNDLE_AGENTS);
	stmt_bind_int(stmt, ARG_BUNDLE_AGENTS_REVIEW_ID, review_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		const char *slug = stmt_text(stmt, COL_BUNDLE_AGENTS_SLUG, NULL);
		struct agent agent;
		size_t index;
		status = slug ? agent_get(get->db, slug, get->arena, &agent) : DB_NO_MEMORY;
		if (status == DB_OK)
			status = get_add_agent(get, &agent, true, &index);
		if (status != DB_OK)
			return status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

/*
 * Whom an actor plays stands among the agents of the bundle, since a reader of bundles insists on it; somebody else's
 * bundle may have named another character of this work since.
 */
static enum db_status get_characters(struct getting *get, const struct work *work)
{
	enum db_status status = DB_OK;
	for (size_t i = 0; i < work->contributor_count && status == DB_OK; i++) {
		const struct agent_ref *character = &work->contributors[i].character;
		struct agent agent;
		size_t index;
		if (!character->agent_id || id_index_get(&get->agents, character->agent_id) != BUNDLE_NONE)
			continue;
		status = agent_get(get->db, character->slug, get->arena, &agent);
		if (status == DB_OK)
			status = get_add_agent(get, &agent, true, &index);
	}
	return status;
}

/* Who contributes to a work need not stand among the agents of the bundle. */
static enum db_status get_contributing_agent(struct getting *get, const struct agent_ref *ref, size_t *ret_index)
{
	*ret_index = ref->agent_id ? id_index_get(&get->agents, ref->agent_id) : BUNDLE_NONE;
	if (!ref->agent_id || *ret_index != BUNDLE_NONE)
		return DB_OK;
	struct agent agent = { .ref = *ref };
	return get_add_agent(get, &agent, false, ret_index);
}

static enum db_status get_contributors(struct getting *get, const struct work *work, struct bundle_work *given)
{
	enum db_status status = DB_OK;
	given->contributors = arena_array(get->arena, work->contributor_count, sizeof(*given->contributors));
	given->relations = arena_array(get->arena, work->relation_count, sizeof(*given->relations));
	if (!given->contributors || !given->relations)
		return DB_NO_MEMORY;
	given->contributor_count = work->contributor_count;
	given->relation_count = work->relation_count;
	for (size_t i = 0; i < work->contributor_count && status == DB_OK; i++) {
		given->contributors[i].role = work->contributors[i].role;
		status = get_contributing_agent(get, &work->contributors[i].agent, &given->contributors[i].agent);
		if (status == DB_OK)
			status = get_contributing_agent(
				get, &work->contributors[i].character, &given->contributors[i].character);
	}
	for (size_t i = 0; i < work->relation_count; i++)
		given->relations[i] = (struct bundle_relation) { work->relations[i].kind, work->relations[i].to.slug };
	return status;
}

static enum db_status get_work(struct getting *get, int64_t work_id, struct work_page *works)
{
	struct work *items = arena_push(get->arena, works->items, works->count, sizeof(*items));
	if (!items || !id_index_add(&get->works, get->arena, work_id, works->count))
		return DB_NO_MEMORY;
	works->items = items;
	enum db_status status = work_by_id(get->db, work_id, get->arena, &items[works->count++]);
	return status == DB_NOT_FOUND ? get_dangling(get) : status;
}

static enum db_status get_further_works(struct getting *get, int64_t review_id, struct work_page *works)
{
	STMT_LEASE struct stmt *stmt = db_stmt(get->db, STMT_BUNDLE_FURTHER_WORKS);
	stmt_bind_int(stmt, ARG_BUNDLE_FURTHER_WORKS_REVIEW_ID, review_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		status = get_work(get, stmt_int(stmt, COL_BUNDLE_FURTHER_WORKS_WORK_ID), works);
		if (status != DB_OK)
			return status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static struct bundle_work get_work_fields(const struct work *work)
{
	return (struct bundle_work) {
		.slug = work->ref.slug,
		.kind = work->kind,
		.title = work->ref.title,
		.language = work->language,
		.published = work->published,
		.description = work->description,
		.same_as = work->same_as,
		.kind_given = true,
		.title_given = true,
		.language_given = true,
		.published_given = true,
		.description_given = true,
		.contributors_given = true,
		.relations_given = true,
		.same_as_given = true,
	};
}

static enum db_status get_works(struct getting *get, const struct review *review)
{
	struct bundle *bundle = get->bundle;
	struct work_page works = { 0 };
	enum db_status status = DB_OK;
	bundle->work = review->work.slug ? 0 : BUNDLE_NONE;
	if (review->work.slug)
		status = get_work(get, review->work.work_id, &works);
	if (status == DB_OK)
		status = get_further_works(get, review->review_id, &works);
	bundle->works = arena_array(get->arena, works.count, sizeof(*bundle->works));
	if (!bundle->works)
		return DB_NO_MEMORY;
	/* All declared agents stand before the others, so the characters of all works come first. */
	for (size_t i = 0; i < works.count && status == DB_OK; i++)
		status = get_characters(get, &works.items[i]);
	for (size_t i = 0; i < works.count && status == DB_OK; i++) {
		bundle->works[i] = get_work_fields(&works.items[i]);
		status = get_contributors(get, &works.items[i], &bundle->works[i]);
	}
	bundle->work_count = works.count;
	return status;
}

static enum db_status get_index(struct getting *get, struct index_list *list, int64_t agent_id)
{
	size_t agent = id_index_get(&get->agents, agent_id);
	if (agent == BUNDLE_NONE)
		return get_dangling(get);
	size_t *items = arena_push(get->arena, list->items, list->count, sizeof(*items));
	if (!items)
		return DB_NO_MEMORY;
	list->items = items;
	items[list->count++] = agent;
	return DB_OK;
}

static enum db_status get_item_work(struct getting *get, struct stmt *stmt, int column, size_t *ret_work)
{
	*ret_work = stmt_is_null(stmt, column) ? BUNDLE_NONE : id_index_get(&get->works, stmt_int(stmt, column));
	return *ret_work == BUNDLE_NONE && !stmt_is_null(stmt, column) ? get_dangling(get) : DB_OK;
}

static bool get_starts_codepoint(const struct bundle *bundle, size_t byte)
{
	return byte == bundle->text_bytes || ((unsigned char)bundle->text[byte] & 0xc0) != 0x80;
}

/* Whoever cuts the text by it relies on it. */
static enum db_status get_check_bytes(const struct getting *get, int64_t start, int64_t end)
{
	if (start >= 0 && start < end && (uint64_t)end <= get->bundle->text_bytes &&
		get_starts_codepoint(get->bundle, (size_t)start) && get_starts_codepoint(get->bundle, (size_t)end))
		return DB_OK;
	log_line("store: a span of review %s lies outside its text; run 'reviewd check'", get->bundle->slug);
	return DB_CORRUPT;
}

static enum db_status get_quote_spans(struct getting *get, const char *spans, struct bundle_quote *quote)
{
	struct span span;
	while (spans_next(&spans, &span)) {
		struct span *items = arena_push(get->arena, quote->spans, quote->span_count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		quote->spans = items;
		items[quote->span_count++] = span;
		enum db_status status = get_check_bytes(get, span.byte_start, span.byte_end);
		if (status != DB_OK)
			return status;
	}
	return *spans || !quote->span_count ? get_dangling(get) : DB_OK;
}

/* Position in the bundle of the quote or mention that the row is about. Ids have no gaps: a review is put whole. */
static size_t get_position(struct stmt *stmt)
{
	return (size_t)(stmt_int(stmt, 0) % ITEMS_PER_REVIEW);
}

static enum db_status get_quote_rows(struct getting *get, int64_t review_id)
{
	struct bundle *bundle = get->bundle;
	STMT_LEASE struct stmt *stmt = db_stmt(get->db, STMT_BUNDLE_QUOTES);
	stmt_bind_int(stmt, ARG_BUNDLE_QUOTES_REVIEW_ID, review_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct bundle_quote *items =
			arena_push(get->arena, bundle->quotes, bundle->quote_count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		bundle->quotes = items;
		struct bundle_quote *quote = &items[bundle->quote_count++];
		*quote = (struct bundle_quote) {
			.id = stmt_copy(stmt, COL_BUNDLE_QUOTES_LOCAL_SLUG, get->arena),
			.form = (enum quote_form)stmt_choice(stmt, COL_BUNDLE_QUOTES_FORM, QUOTE_FORMS),
			.attribution = (enum attribution)stmt_choice(stmt, COL_BUNDLE_QUOTES_ATTRIBUTION, ATTRIBUTIONS),
			.spoiler = stmt_int(stmt, COL_BUNDLE_QUOTES_SPOILER) != 0,
		};
		const char *spans = stmt_text(stmt, COL_BUNDLE_QUOTES_SPANS, NULL);
		status = stmt_row_status(stmt);
		if (status == DB_OK)
			status = get_item_work(get, stmt, COL_BUNDLE_QUOTES_WORK_ID, &quote->work);
		if (status == DB_OK)
			status = get_quote_spans(get, spans, quote);
		if (status != DB_OK)
			return status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status get_quote_agents(struct getting *get, int64_t review_id)
{
	STMT_LEASE struct stmt *stmt = db_stmt(get->db, STMT_BUNDLE_QUOTE_AGENTS);
	stmt_bind_int(stmt, ARG_BUNDLE_QUOTE_AGENTS_REVIEW_ID, review_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		size_t position = get_position(stmt);
		if (position >= get->bundle->quote_count)
			return get_dangling(get);
		struct bundle_quote *quote = &get->bundle->quotes[position];
		struct index_list *lists[QUOTE_ROLES] = {
			[ROLE_SPEAKER] = &quote->speakers,
			[ROLE_ADDRESSEE] = &quote->addressees,
			[ROLE_ABOUT] = &quote->about,
		};
		int role = stmt_choice(stmt, COL_BUNDLE_QUOTE_AGENTS_ROLE, QUOTE_ROLES);
		status = stmt_row_status(stmt);
		if (status == DB_OK)
			status = get_index(get, lists[role], stmt_int(stmt, COL_BUNDLE_QUOTE_AGENTS_AGENT_ID));
		if (status != DB_OK)
			return status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static enum db_status get_mention(struct getting *get, struct stmt *stmt, struct bundle_mention *mention)
{
	const char *span = stmt_text(stmt, COL_BUNDLE_MENTIONS_SPAN, NULL);
	const char *agents = stmt_text(stmt, COL_BUNDLE_MENTIONS_AGENTS, NULL);
	uint64_t agent_id;
	*mention = (struct bundle_mention) { .work = BUNDLE_NONE };
	enum db_status status = stmt_row_status(stmt);
	if (status == DB_OK)
		status = spans_only(span, &mention->span)
				 ? get_check_bytes(get, mention->span.byte_start, mention->span.byte_end)
				 : get_dangling(get);
	if (status == DB_OK)
		status = get_item_work(get, stmt, COL_BUNDLE_MENTIONS_WORK_ID, &mention->work);
	while (status == DB_OK && numbers_next(&agents, INT64_MAX, 1, &agent_id))
		status = get_index(get, &mention->agents, (int64_t)agent_id);
	return status == DB_OK && *agents ? get_dangling(get) : status;
}

static enum db_status get_mentions(struct getting *get, int64_t review_id)
{
	struct bundle *bundle = get->bundle;
	STMT_LEASE struct stmt *stmt = db_stmt(get->db, STMT_BUNDLE_MENTIONS);
	stmt_bind_int(stmt, ARG_BUNDLE_MENTIONS_REVIEW_ID, review_id);
	enum db_status status;
	while ((status = stmt_step(stmt)) == DB_OK) {
		struct bundle_mention *items =
			arena_push(get->arena, bundle->mentions, bundle->mention_count, sizeof(*items));
		if (!items)
			return DB_NO_MEMORY;
		bundle->mentions = items;
		if (get_position(stmt) != bundle->mention_count)
			return get_dangling(get);
		status = get_mention(get, stmt, &items[bundle->mention_count++]);
		if (status != DB_OK)
			return status;
	}
	return status == DB_NOT_FOUND ? DB_OK : status;
}

static struct bundle get_head(const struct review *review)
{
	struct bundle bundle = {
		.slug = review->slug,
		.title = review->title,
		.language = review->language,
		.reviewer = review->reviewer,
		.published = review->published,
		.source = review->source,
		.licence = review->licence,
		.rating = review->rating,
		.text_codepoints = review->text_codepoints,
	};
	memcpy(bundle.text_sha256, review->text_sha256, sizeof(bundle.text_sha256));
	return bundle;
}

enum db_status bundle_get(struct db *db, const char *slug, struct arena *arena, struct bundle *ret_bundle)
{
	enum db_status (*const steps[])(struct getting *, int64_t) = { get_quote_rows, get_quote_agents, get_mentions };
	struct review review;
	enum db_status status = review_get(db, slug, arena, &review);
	if (status != DB_OK)
		return status;
	struct bundle bundle = get_head(&review);
	struct getting get = { .db = db, .arena = arena, .bundle = &bundle };
	status = review_text_get(db, review.review_id, arena, &bundle.text, &bundle.text_bytes);
	/* Not the review is missing then, and whoever walks over all of them is not at the end. */
	if (status == DB_NOT_FOUND)
		status = get_dangling(&get);
	if (status == DB_OK)
		status = get_agents(&get, review.review_id);
	if (status == DB_OK)
		status = get_works(&get, &review);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && status == DB_OK; i++)
		status = steps[i](&get, review.review_id);
	if (status == DB_OK)
		*ret_bundle = bundle;
	return status;
}

enum db_status bundle_next(struct db *db, const char *after, struct arena *arena, const char **ret_slug)
{
	STMT_LEASE struct stmt *stmt = db_stmt(db, STMT_BUNDLE_NEXT);
	stmt_bind_text(stmt, ARG_BUNDLE_NEXT_AFTER, after);
	enum db_status status = stmt_step(stmt);
	if (status == DB_OK)
		*ret_slug = stmt_copy(stmt, COL_BUNDLE_NEXT_SLUG, arena);
	return status == DB_OK ? stmt_row_status(stmt) : status;
}
