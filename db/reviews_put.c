// SPDX-License-Identifier: MIT
#include "db/numbers.h"
#include "db/putting.h"
#include "db/quote_lengths.h"
#include "db/quotes.h"
#include "db/reviews.h"
#include "db/rows.h"
#include "db/search_index.h"
#include "db/shuffle.h"
#include "db/spans.h"
#include "db/stmt.h"

/* The review as it will be; what is stored has the number 0 when it is new. */
static struct review put_review_merge(const struct putting *put, const struct review *stored)
{
	const struct bundle *bundle = put->bundle;
	return (struct review) {
		.review_id = stored->review_id,
		.slug = bundle->slug,
		.title = bundle->title,
		.language = bundle->language,
		.reviewer = bundle->reviewer,
		.published = bundle->published,
		.source = bundle->source,
		.licence = bundle->licence,
		.rating = bundle->rating,
		.work = bundle->work == BUNDLE_NONE ? (struct work_ref) { 0 } : put->work_refs[bundle->work],
		.text_sha256 = bundle->text_sha256,
		.text_bytes = bundle->text_bytes,
		.text_codepoints = bundle->text_codepoints,
		.digest = bundle->digest,
		.revision = stored->revision + 1,
		.updated_at = put->at,
	};
}

_Static_assert((int)ARG_REVIEW_INSERT_WORK_ID == (int)ARG_REVIEW_UPDATE_WORK_ID + 1 &&
		       (int)ARG_REVIEW_INSERT_UPDATED_AT == (int)ARG_REVIEW_UPDATE_UPDATED_AT + 1,
	"insert and update take the same row, insert behind the slug");

/* Gives the row its new content, or makes a new one. */
static enum db_status put_review_row(struct putting *put, struct review *review)
{
	const struct bundle_rating *rating = &review->rating;
	bool insert = review->review_id == 0;
	int shift = insert ? 1 : 0;
	struct stmt *stmt = db_stmt(put->db, insert ? STMT_REVIEW_INSERT : STMT_REVIEW_UPDATE);
	if (insert)
		stmt_bind_text(stmt, ARG_REVIEW_INSERT_SLUG, review->slug);
	else
		stmt_bind_int(stmt, ARG_REVIEW_UPDATE_REVIEW_ID, review->review_id);
	if (review->work.work_id)
		stmt_bind_int(stmt, ARG_REVIEW_UPDATE_WORK_ID + shift, review->work.work_id);
	else
		stmt_bind_null(stmt, ARG_REVIEW_UPDATE_WORK_ID + shift);
	stmt_bind_text(stmt, ARG_REVIEW_UPDATE_TITLE + shift, review->title);
	stmt_bind_text(stmt, ARG_REVIEW_UPDATE_LANGUAGE + shift, review->language);
	stmt_bind_text(stmt, ARG_REVIEW_UPDATE_REVIEWER + shift, review->reviewer);
	stmt_bind_text(stmt, ARG_REVIEW_UPDATE_PUBLISHED + shift, review->published);
	put_bind_date(stmt, ARG_REVIEW_UPDATE_PUBLISHED_FROM + shift, ARG_REVIEW_UPDATE_PUBLISHED_TO + shift,
		review->published);
	const double scale[] = { rating->value, rating->best, rating->worst };
	for (int i = 0; i < 3; i++) {
		if (rating->given)
			stmt_bind_real(stmt, ARG_REVIEW_UPDATE_RATING_VALUE + shift + i, scale[i]);
		else
			stmt_bind_null(stmt, ARG_REVIEW_UPDATE_RATING_VALUE + shift + i);
	}
	stmt_bind_text(stmt, ARG_REVIEW_UPDATE_SOURCE + shift, review->source);
	stmt_bind_text(stmt, ARG_REVIEW_UPDATE_LICENCE + shift, review->licence);
	stmt_bind_text(stmt, ARG_REVIEW_UPDATE_TEXT_SHA256 + shift, review->text_sha256);
	stmt_bind_int(stmt, ARG_REVIEW_UPDATE_TEXT_BYTES + shift, (int64_t)review->text_bytes);
	stmt_bind_int(stmt, ARG_REVIEW_UPDATE_TEXT_CODEPOINTS + shift, (int64_t)review->text_codepoints);
	stmt_bind_text(stmt, ARG_REVIEW_UPDATE_DIGEST + shift, review->digest);
	stmt_bind_int(stmt, ARG_REVIEW_UPDATE_QUOTES + shift, (int64_t)put->bundle->quote_count);
	stmt_bind_int(stmt, ARG_REVIEW_UPDATE_STORE_REVISION + shift, put->store.revision);
	stmt_bind_text(stmt, ARG_REVIEW_UPDATE_UPDATED_AT + shift, review->updated_at);
	return insert ? stmt_insert(stmt, &review->review_id) : stmt_run(stmt);
}

static enum db_status put_text(struct putting *put, int64_t review_id)
{
	struct stmt *stmt = db_stmt(put->db, STMT_REVIEW_TEXT_PUT);
	stmt_bind_int(stmt, ARG_REVIEW_TEXT_PUT_REVIEW_ID, review_id);
	stmt_bind_text_n(stmt, ARG_REVIEW_TEXT_PUT_TEXT, put->bundle->text, put->bundle->text_bytes);
	return stmt_run(stmt);
}

static enum db_status put_review_agents(struct putting *put, int64_t review_id)
{
	const struct index_list *agents = &put->bundle->review_agents;
	struct rows *rows = rows_begin(put->db, STMT_REVIEW_AGENTS_INSERT, put->arena);
	enum db_status status = rows ? DB_OK : DB_NO_MEMORY;
	for (size_t i = 0; i < agents->count && status == DB_OK; i++) {
		size_t agent = agents->items[i];
		status = rows_add(
			rows, &(struct row) { .numbers = { review_id, (int64_t)agent, put->agent_ids[agent] } });
	}
	return status == DB_OK ? rows_end(rows) : status;
}

static enum db_status put_further_works(struct putting *put, int64_t review_id)
{
	enum db_status status = DB_OK;
	for (size_t i = put->bundle->work == 0 ? 1 : 0; i < put->bundle->work_count && status == DB_OK; i++) {
		struct stmt *stmt = db_stmt(put->db, STMT_REVIEW_FURTHER_WORK_INSERT);
		stmt_bind_int(stmt, ARG_REVIEW_FURTHER_WORK_INSERT_REVIEW_ID, review_id);
		stmt_bind_int(stmt, ARG_REVIEW_FURTHER_WORK_INSERT_POSITION, (int64_t)i);
		stmt_bind_int(stmt, ARG_REVIEW_FURTHER_WORK_INSERT_WORK_ID, put->work_refs[i].work_id);
		status = stmt_run(stmt);
	}
	return status;
}

static int64_t put_work_id(const struct putting *put, size_t work)
{
	return work == BUNDLE_NONE ? ROW_NULL : put->work_refs[work].work_id;
}

/* As it is served: the spans, and the gaps between them. */
static int64_t put_quote_codepoints(const struct bundle_quote *quote)
{
	int64_t codepoints = QUOTE_GAP_CODEPOINTS * ((int64_t)quote->span_count - 1);
	for (size_t i = 0; i < quote->span_count; i++)
		codepoints += (int64_t)quote->spans[i].end - quote->spans[i].start;
	return codepoints;
}

/* Who speaks it, if nobody else has to do with it; otherwise NULL. */
static int64_t put_sole_speaker(const struct putting *put, const struct bundle_quote *quote)
{
	bool sole = quote->speakers.count == 1 && !quote->addressees.count && !quote->about.count;
	return sole ? put->agent_ids[quote->speakers.items[0]] : ROW_NULL;
}

static enum db_status put_quote_rows(struct putting *put, int64_t review_id, int64_t first_id)
{
	struct rows *rows = rows_begin(put->db, STMT_QUOTES_INSERT, put->arena);
	enum db_status status = rows ? DB_OK : DB_NO_MEMORY;
	for (size_t i = 0; i < put->bundle->quote_count && status == DB_OK; i++) {
		const struct bundle_quote *quote = &put->bundle->quotes[i];
		const char *spans = spans_write(quote->spans, quote->span_count, put->arena);
		int64_t quote_id = first_id + (int64_t)i, codepoints = put_quote_codepoints(quote);
		if (!spans)
			return DB_NO_MEMORY;
		status = quote_lengths_add(put->db, codepoints, quote_id);
		if (status != DB_OK)
			return status;
		status = rows_add(
			rows, &(struct row) {
				      .numbers = { quote_id, review_id, quote->form, quote->attribution,
					      put_work_id(put, quote->work), quote->spoiler, codepoints,
					      shuffle_key(put->bundle->slug, quote->id), put_sole_speaker(put, quote) },
				      .texts = { quote->id, spans } });
	}
	return status == DB_OK ? rows_end(rows) : status;
}

static enum db_status put_quote_role(
	struct putting *put, struct rows *rows, int64_t quote_id, enum quote_role role, const struct index_list *agents)
{
	enum db_status status = DB_OK;
	for (size_t i = 0; i < agents->count && status == DB_OK; i++)
		status = rows_add(rows,
			&(struct row) { .numbers = { quote_id, role, (int64_t)i, put->agent_ids[agents->items[i]] } });
	return status;
}

static enum db_status put_quote_agents(struct putting *put, int64_t first_id)
{
	struct rows *rows = rows_begin(put->db, STMT_QUOTE_AGENTS_INSERT, put->arena);
	enum db_status status = rows ? DB_OK : DB_NO_MEMORY;
	for (size_t i = 0; i < put->bundle->quote_count && status == DB_OK; i++) {
		const struct bundle_quote *quote = &put->bundle->quotes[i];
		int64_t quote_id = first_id + (int64_t)i;
		status = put_quote_role(put, rows, quote_id, ROLE_SPEAKER, &quote->speakers);
		if (status == DB_OK)
			status = put_quote_role(put, rows, quote_id, ROLE_ADDRESSEE, &quote->addressees);
		if (status == DB_OK)
			status = put_quote_role(put, rows, quote_id, ROLE_ABOUT, &quote->about);
	}
	return status == DB_OK ? rows_end(rows) : status;
}

/* *ret_found: the agent had that role before. */
static enum db_status add_to_role(struct db *db, int64_t agent_id, int role, int64_t quotes, bool *ret_found)
{
	int64_t changes = db_changes(db);
	struct stmt *stmt = db_stmt(db, STMT_AGENT_ROLE_ADD);
	stmt_bind_int(stmt, ARG_AGENT_ROLE_ADD_AGENT_ID, agent_id);
	stmt_bind_int(stmt, ARG_AGENT_ROLE_ADD_ROLE, role);
	stmt_bind_int(stmt, ARG_AGENT_ROLE_ADD_QUOTES, quotes);
	enum db_status status = stmt_run(stmt);
	*ret_found = db_changes(db) > changes;
	return status;
}

/* How many of the quotes each agent of the bundle has in each role. */
static enum db_status put_agent_roles(struct putting *put)
{
	const struct bundle *bundle = put->bundle;
	int64_t(*quotes)[QUOTE_ROLES] = arena_array(put->arena, bundle->agent_count, sizeof(*quotes));
	struct rows *rows = rows_begin(put->db, STMT_AGENT_ROLES_INSERT, put->arena);
	if (!quotes || !rows)
		return DB_NO_MEMORY;
	for (size_t i = 0; i < bundle->quote_count; i++) {
		const struct bundle_quote *quote = &bundle->quotes[i];
		const struct index_list *const lists[] = { [ROLE_SPEAKER] = &quote->speakers,
			[ROLE_ADDRESSEE] = &quote->addressees,
			[ROLE_ABOUT] = &quote->about };
		for (int role = 0; role < QUOTE_ROLES; role++) {
			for (size_t a = 0; a < lists[role]->count; a++)
				quotes[lists[role]->items[a]][role]++;
		}
	}
	enum db_status status = DB_OK;
	for (size_t a = 0; a < bundle->agent_count; a++) {
		for (int role = 0; role < QUOTE_ROLES && status == DB_OK; role++) {
			bool found = !quotes[a][role];
			if (!found && !put->agent_is_new[a])
				status = add_to_role(put->db, put->agent_ids[a], role, quotes[a][role], &found);
			if (status == DB_OK && !found)
				status = rows_add(rows,
					&(struct row) { .numbers = { put->agent_ids[a], role, quotes[a][role] } });
		}
	}
	return status == DB_OK ? rows_end(rows) : status;
}

/* How many of them are alike. */
static enum db_status put_traits(struct putting *put, int64_t review_id)
{
	int64_t alike[QUOTE_FORMS][ATTRIBUTIONS][2] = { 0 };
	for (size_t i = 0; i < put->bundle->quote_count; i++) {
		const struct bundle_quote *quote = &put->bundle->quotes[i];
		alike[quote->form][quote->attribution][quote->spoiler]++;
	}
	struct rows *rows = rows_begin(put->db, STMT_REVIEW_TRAITS_INSERT, put->arena);
	enum db_status status = rows ? DB_OK : DB_NO_MEMORY;
	for (int i = 0; i < QUOTE_FORMS * ATTRIBUTIONS * 2 && status == DB_OK; i++) {
		int form = i / (ATTRIBUTIONS * 2), attribution = i / 2 % ATTRIBUTIONS, spoiler = i % 2;
		int64_t quotes = alike[form][attribution][spoiler];
		if (quotes)
			status = rows_add(
				rows, &(struct row) { .numbers = { review_id, form, attribution, spoiler, quotes } });
	}
	return status == DB_OK ? rows_end(rows) : status;
}

/* By which its quotes are drawn; it keeps those it has while they are enough. */
static enum db_status put_places(struct putting *put, int64_t review_id)
{
	if (!put->bundle->quote_count)
		return DB_OK;
	struct stmt *stmt = db_stmt(put->db, STMT_REVIEW_PLACE_PUT);
	stmt_bind_int(stmt, ARG_REVIEW_PLACE_PUT_REVIEW_ID, review_id);
	stmt_bind_int(stmt, ARG_REVIEW_PLACE_PUT_QUOTES, (int64_t)put->bundle->quote_count);
	return stmt_run(stmt);
}

/* The quotes first: what belongs to them refers to them. */
static enum db_status put_quotes(struct putting *put, int64_t review_id)
{
	int64_t first_id = review_id * ITEMS_PER_REVIEW;
	enum db_status status = put_quote_rows(put, review_id, first_id);
	return status == DB_OK ? put_quote_agents(put, first_id) : status;
}

static const char *put_ids(struct putting *put, const struct index_list *agents)
{
	uint64_t *ids = arena_reserve(put->arena, agents->count * sizeof(*ids));
	for (size_t i = 0; ids && i < agents->count; i++)
		ids[i] = (uint64_t)put->agent_ids[agents->items[i]];
	return ids ? numbers_write(ids, agents->count, put->arena) : NULL;
}

static enum db_status put_mention_rows(struct putting *put, int64_t first_id)
{
	struct rows *rows = rows_begin(put->db, STMT_MENTIONS_INSERT, put->arena);
	enum db_status status = rows ? DB_OK : DB_NO_MEMORY;
	for (size_t i = 0; i < put->bundle->mention_count && status == DB_OK; i++) {
		const struct bundle_mention *mention = &put->bundle->mentions[i];
		const char *span = spans_write(&mention->span, 1, put->arena);
		const char *agents = put_ids(put, &mention->agents);
		if (!span || !agents)
			return DB_NO_MEMORY;
		status = rows_add(
			rows, &(struct row) { .numbers = { first_id + (int64_t)i, put_work_id(put, mention->work) },
				      .texts = { span, agents } });
	}
	return status == DB_OK ? rows_end(rows) : status;
}

/* Agent by agent: what goes into a tree in its order fills it several times as fast. */
static enum db_status put_mention_agents(struct putting *put, int64_t first_id)
{
	const struct bundle *bundle = put->bundle;
	size_t *ends = arena_array(put->arena, bundle->agent_count + 1, sizeof(*ends)), count = 0;
	for (size_t i = 0; ends && i < bundle->mention_count; i++) {
		const struct index_list *agents = &bundle->mentions[i].agents;
		for (size_t a = 0; a < agents->count; a++, count++)
			ends[agents->items[a] + 1]++;
	}
	/* Where those of an agent begin, and, when all have come, where they end. */
	for (size_t a = 0; ends && a < bundle->agent_count; a++)
		ends[a + 1] += ends[a];
	size_t *places = arena_array(put->arena, count, sizeof(*places));
	struct rows *rows = rows_begin(put->db, STMT_MENTION_AGENTS_INSERT, put->arena);
	if (!ends || !places || !rows)
		return DB_NO_MEMORY;
	for (size_t i = 0; i < bundle->mention_count; i++) {
		const struct index_list *agents = &bundle->mentions[i].agents;
		for (size_t a = 0; a < agents->count; a++)
			places[ends[agents->items[a]]++] = i;
	}
	enum db_status status = DB_OK;
	for (size_t a = 0, at = 0; a < bundle->agent_count; a++) {
		for (; at < ends[a] && status == DB_OK; at++)
			status = rows_add(rows,
				&(struct row) { .numbers = { put->agent_ids[a], first_id + (int64_t)places[at] } });
	}
	return status == DB_OK ? rows_end(rows) : status;
}

static enum db_status put_mentions(struct putting *put, int64_t review_id)
{
	int64_t first_id = review_id * ITEMS_PER_REVIEW;
	enum db_status status = put_mention_rows(put, first_id);
	return status == DB_OK ? put_mention_agents(put, first_id) : status;
}

enum db_status put_review_clear(struct putting *put, int64_t review_id)
{
	static const enum statement_id deletes[] = {
		STMT_AGENT_ROLES_TAKE,
		STMT_QUOTE_AGENTS_DELETE,
		STMT_QUOTE_LENGTHS_DELETE,
		STMT_QUOTES_DELETE,
		STMT_REVIEW_TRAITS_DELETE,
		STMT_MENTION_AGENTS_DELETE,
		STMT_MENTIONS_DELETE,
		STMT_REVIEW_AGENTS_DELETE,
		STMT_REVIEW_FURTHER_WORKS_DELETE,
	};
	enum { ARG_REVIEW_ID = 1 };
	int64_t quotes = 0, mentions = 0;
	enum db_status status = search_note_change(put->db, SEARCH_REVIEW, review_id);
	if (status == DB_OK)
		status = quote_lengths_put(put->db);
	if (status != DB_OK)
		return status;
	struct stmt *count = db_stmt(put->db, STMT_QUOTE_COUNT_BY_REVIEW);
	stmt_bind_int(count, ARG_QUOTE_COUNT_BY_REVIEW_REVIEW_ID, review_id);
	status = stmt_count(count, &quotes);
	if (status == DB_OK) {
		count = db_stmt(put->db, STMT_MENTION_COUNT_BY_REVIEW);
		stmt_bind_int(count, ARG_MENTION_COUNT_BY_REVIEW_REVIEW_ID, review_id);
		status = stmt_count(count, &mentions);
	}
	put->store.quotes -= quotes;
	put->store.mentions -= mentions;
	for (size_t i = 0; i < sizeof(deletes) / sizeof(deletes[0]) && status == DB_OK; i++) {
		struct stmt *stmt = db_stmt(put->db, deletes[i]);
		stmt_bind_int(stmt, ARG_REVIEW_ID, review_id);
		status = stmt_run(stmt);
	}
	return status;
}

static enum db_status put_review_content(struct putting *put, int64_t review_id)
{
	put->store.quotes += (int64_t)put->bundle->quote_count;
	put->store.mentions += (int64_t)put->bundle->mention_count;
	enum db_status status = put_text(put, review_id);
	if (status == DB_OK)
		status = put_review_agents(put, review_id);
	if (status == DB_OK)
		status = put_further_works(put, review_id);
	if (status == DB_OK)
		status = put_quotes(put, review_id);
	if (status == DB_OK)
		status = put_agent_roles(put);
	if (status == DB_OK)
		status = put_traits(put, review_id);
	if (status == DB_OK)
		status = put_places(put, review_id);
	return status == DB_OK ? put_mentions(put, review_id) : status;
}

/* The number and the revision, 0 for a new one, and whether it says the same already. */
static enum db_status put_review_find(struct putting *put, struct review *stored, bool *ret_same)
{
	STMT_LEASE struct stmt *stmt = db_stmt(put->db, STMT_REVIEW_STORED);
	stmt_bind_text(stmt, ARG_REVIEW_STORED_SLUG, put->bundle->slug);
	*stored = (struct review) { .review_id = 0 };
	*ret_same = false;
	enum db_status status = stmt_step(stmt);
	if (status != DB_OK)
		return status == DB_NOT_FOUND ? DB_OK : status;
	stored->review_id = stmt_int(stmt, COL_REVIEW_STORED_REVIEW_ID);
	stored->revision = stmt_int(stmt, COL_REVIEW_STORED_REVISION);
	*ret_same = put_same(stmt_text(stmt, COL_REVIEW_STORED_DIGEST, NULL), put->bundle->digest);
	return stmt_row_status(stmt);
}

enum db_status put_review(struct putting *put)
{
	const struct bundle *bundle = put->bundle;
	struct review *review = &put->result->review, stored;
	bool same;
	enum db_status status = put_review_find(put, &stored, &same);
	if (status != DB_OK)
		return status;
	if (same)
		return review_get(put->db, bundle->slug, put->arena, review);
	bool is_new = stored.review_id == 0;
	status = is_new ? DB_OK : put_review_clear(put, stored.review_id);
	put->result->outcome = is_new ? PUT_ADDED : PUT_CHANGED;
	put->store.reviews += is_new ? 1 : 0;
	*review = put_review_merge(put, &stored);
	if (status == DB_OK)
		status = put_review_row(put, review);
	if (status == DB_OK)
		status = put_review_content(put, review->review_id);
	if (status == DB_OK && is_new)
		status = search_note_new(put->db, SEARCH_REVIEW, review->review_id);
	return status == DB_OK ? put_change(put, NOUN_REVIEW, bundle->slug) : status;
}
