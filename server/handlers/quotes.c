// SPDX-License-Identifier: MIT
#include "db/quotes.h"

#include <string.h>

#include "db/shuffle.h"
#include "server/answer.h"
#include "server/cursor.h"
#include "server/handlers/filters.h"
#include "server/handlers/handlers.h"
#include "server/handlers/subjects.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/txt.h"

/* What `include` adds to the quotes of one answer, and the one before; neighbours are mostly of the same review and
 * work. */
struct including {
	unsigned includes;
	struct review review;
	struct work work;
	struct quote_json_before before;
};

static enum db_status including_read(struct request *request, const struct quote *quote, struct including *including)
{
	enum db_status status = DB_OK;
	bool review = including->includes & CHOICE_BIT(INCLUDE_REVIEW);
	bool work = (including->includes & CHOICE_BIT(INCLUDE_WORK)) && quote->work.slug;
	if (review && including->review.review_id != quote->review_id)
		status = review_by_id(request->db, quote->review_id, request->arena, &including->review);
	if (status == DB_OK && work && including->work.ref.work_id != quote->work.work_id)
		status = work_by_id(request->db, quote->work.work_id, request->arena, &including->work);
	return status == DB_NOT_FOUND ? DB_CORRUPT : status;
}

static enum db_status answer_item(struct answer *answer, const struct quote *quote, struct including *including)
{
	if (answer->txt) {
		quote_txt(answer->txt, quote);
		return DB_OK;
	}
	enum db_status status = including_read(answer->request, quote, including);
	if (status == DB_OK)
		quote_json(&answer->out, quote,
			including->includes & CHOICE_BIT(INCLUDE_REVIEW) ? &including->review : NULL,
			including->includes & CHOICE_BIT(INCLUDE_WORK) ? &including->work : NULL, &including->before);
	return status;
}

static enum db_status answer_quote(struct request *request, struct response *response, struct quote *quote)
{
	struct answer answer;
	struct including including = { .includes = param_choices(&request->params, PARAM_INCLUDE) };
	enum db_status status = quotes_convert(request->db, answer_offset_unit(request), quote, 1);
	if (status != DB_OK)
		return status;
	answer_begin(&answer, request, response);
	status = answer_item(&answer, quote, &including);
	if (status == DB_OK)
		answer_end(&answer);
	return status;
}

/* A seed has no meaning in any other order. */
static bool read_sort(struct request *request, struct response *response, struct quote_sort *sort, unsigned *ret_keys)
{
	static const enum quote_order orders[] = {
		[SORT_ADDED] = QUOTE_ADDED,
		[SORT_LENGTH] = QUOTE_LENGTH,
		[SORT_PUBLISHED] = QUOTE_PUBLISHED,
		[SORT_RANDOM] = QUOTE_RANDOM,
		[SORT_UPDATED] = QUOTE_UPDATED,
	};
	const char *seed = param_text(&request->params, PARAM_SEED);
	enum sort_key key = param_sort(&request->params, SORT_ADDED, &sort->descending);
	*ret_keys = cursor_keys(key);
	sort->order = orders[key];
	sort->seed = seed ? shuffle_seed(seed) : 0;
	if (!seed || sort->order == QUOTE_RANDOM)
		return true;
	problem_answer(request, response,
		&(struct problem) {
			.code = "invalid-parameter", .detail = "'seed' goes with sort=random", .parameter = "seed" });
	return false;
}

/* What of the text the answer shows. */
static enum quote_words words_asked_for(const struct request *request)
{
	const struct param_values *fields = &request->params.values[PARAM_FIELDS];
	enum quote_words words = QUOTE_NO_WORDS;
	if (request->format == FORMAT_TXT)
		return QUOTE_WORDS;
	if (!fields->count)
		return QUOTE_WORDS_AROUND;
	for (size_t i = 0; i < fields->count; i++) {
		const char *field = fields->texts[i];
		if (!strcmp(field, "spans") || !strcmp(field, "spans.prefix") || !strcmp(field, "spans.suffix"))
			return QUOTE_WORDS_AROUND;
		if (!strcmp(field, "text") || !strcmp(field, "spans.exact"))
			words = QUOTE_WORDS;
	}
	return words;
}

/* `filter` has what the path asks for; the parameters add to it. */
static enum db_status answer_list(struct request *request, struct response *response, struct quote_filter *filter)
{
	struct quote_page page;
	struct quote_sort sort;
	unsigned keys;
	struct answer answer;
	struct including including = { .includes = param_choices(&request->params, PARAM_INCLUDE) };
	struct list_place place;
	const struct list_place *after;
	struct filters filters = { request, response, DB_OK };
	filters_of_quote(&filters, filter);
	if (!filters_hold(&filters) || !read_sort(request, response, &sort, &keys) ||
		!cursor_read(request, response, keys, &place, &after))
		return filters.status;
	enum db_status status = quote_list(request->db, filter, &sort, after, answer_limit(request),
		words_asked_for(request), request->arena, &page);
	if (status == DB_OK)
		status = quotes_convert(request->db, answer_offset_unit(request), page.items, page.count);
	if (status != DB_OK)
		return status;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count && status == DB_OK; i++) {
		if (i && answer.txt)
			buffer_append_char(answer.txt, '\n');
		status = answer_item(&answer, &page.items[i], &including);
	}
	if (status == DB_OK)
		answer_list_end(&answer, page.total, page.more && page.count ? &page.last : NULL);
	return status;
}

enum db_status handle_quote_list(struct request *request, struct response *response)
{
	struct quote_filter filter = { 0 };
	return answer_list(request, response, &filter);
}

/* Whose quotes: those they say. */
enum db_status handle_quote_list_by_agent(struct request *request, struct response *response)
{
	struct agent agent;
	enum db_status status = subject_agent(request, response, &agent);
	if (status != DB_OK || response->status)
		return status;
	struct quote_filter filter = { .speakers = { &agent.ref.agent_id, 1 } };
	return answer_list(request, response, &filter);
}

enum db_status handle_quote_list_by_review(struct request *request, struct response *response)
{
	struct review review;
	enum db_status status = subject_review(request, response, &review);
	if (status != DB_OK || response->status)
		return status;
	struct quote_filter filter = { .reviews = { &review.review_id, 1 } };
	return answer_list(request, response, &filter);
}

enum db_status handle_quote_list_by_work(struct request *request, struct response *response)
{
	struct work work;
	enum db_status status = subject_work(request, response, &work);
	if (status != DB_OK || response->status)
		return status;
	struct quote_filter filter = { .works = { &work.ref.work_id, 1 } };
	return answer_list(request, response, &filter);
}

/* No such quote: what comes near are quotes of the same review, or the ids of reviews. */
static enum db_status answer_no_quote(struct request *request, struct response *response, const char *review_slug,
	int64_t review_id, const char *local_slug)
{
	struct problem problem = { .code = "not-found",
		.detail = arena_printf(request->arena, "there is no quote '%s'", request->path_id) };
	enum db_status status;
	bool deleted = false;
	if (review_id) {
		status = store_nearest_quote(request->db, review_id, local_slug, request->arena, &problem.nearest);
		for (size_t i = 0; status == DB_OK && i < problem.nearest.count; i++) {
			problem.nearest.items[i] =
				arena_printf(request->arena, "%s~%s", review_slug, problem.nearest.items[i]);
			status = problem.nearest.items[i] ? DB_OK : DB_NO_MEMORY;
		}
	} else {
		status = store_was_deleted(request->db, NOUN_REVIEW, review_slug, &deleted);
	}
	if (status == DB_OK && deleted) {
		problem.code = "gone";
		problem.detail = arena_printf(request->arena, "the review '%s' has been deleted", review_slug);
	} else if (status == DB_OK && !review_id) {
		problem.detail = arena_printf(request->arena,
			"there is no quote '%s', for there is no review '%s'; the id of a quote is <review>~<id>",
			request->path_id, review_slug);
		status = answer_nearest(request, NOUN_REVIEW, -1, review_slug, &problem.nearest);
	}
	if (status == DB_OK)
		problem_answer(request, response, &problem);
	return status;
}

/* The quote with the id of the path; DB_OK with a status in the response: there is none. */
static enum db_status subject_quote(struct request *request, struct response *response, struct quote *ret_quote)
{
	const char *tilde = strchrnul(request->path_id, '~');
	const char *review_slug = arena_strndup(request->arena, request->path_id, (size_t)(tilde - request->path_id));
	const char *local_slug = *tilde ? tilde + 1 : "";
	struct review review = { 0 };
	if (!review_slug)
		return DB_NO_MEMORY;
	enum db_status status = review_get(request->db, review_slug, request->arena, &review);
	if (status == DB_OK)
		status = quote_get(request->db, review.review_id, local_slug, request->arena, ret_quote);
	if (status == DB_NOT_FOUND)
		return answer_no_quote(request, response, review_slug, review.review_id, local_slug);
	return status;
}

enum db_status handle_quote_get(struct request *request, struct response *response)
{
	struct quote quote;
	enum db_status status = subject_quote(request, response, &quote);
	return status == DB_OK && !response->status ? answer_quote(request, response, &quote) : status;
}

enum db_status handle_quote_context(struct request *request, struct response *response)
{
	struct quote quote;
	struct quote_context context;
	struct answer answer;
	size_t codepoints = (size_t)param_number(&request->params, PARAM_CHARS, param_specs[PARAM_CHARS].otherwise);
	enum db_status status = subject_quote(request, response, &quote);
	if (status != DB_OK || response->status)
		return status;
	status = quote_context(request->db, &quote, codepoints, answer_offset_unit(request), request->arena, &context);
	if (status == DB_OK)
		status = quotes_convert(request->db, answer_offset_unit(request), &quote, 1);
	if (status != DB_OK)
		return status;
	answer_begin(&answer, request, response);
	if (answer.txt)
		passage_txt(answer.txt, &context.passage);
	else
		context_json(&answer.out, &quote, &context);
	answer_end(&answer);
	return DB_OK;
}

/* One of those that fit, by the seed. */
static enum db_status answer_one(struct request *request, struct response *response, const char *seed)
{
	struct quote_filter filter = { 0 };
	struct quote quote;
	struct filters filters = { request, response, DB_OK };
	filters_of_quote(&filters, &filter);
	if (!filters_hold(&filters))
		return filters.status;
	enum db_status status = quote_random(request->db, &filter, shuffle_seed(seed), request->arena, &quote);
	if (status == DB_OK)
		return answer_quote(request, response, &quote);
	if (status != DB_NOT_FOUND)
		return status;
	problem_answer(request, response,
		&(struct problem) { .code = "not-found", .detail = "no quote fits all of these parameters" });
	return DB_OK;
}

/* Both have got their parameter, sent or not, when they are called (server/request.c). */
enum db_status handle_quote_daily(struct request *request, struct response *response)
{
	return answer_one(request, response, param_text(&request->params, PARAM_DATE));
}

enum db_status handle_quote_random(struct request *request, struct response *response)
{
	return answer_one(request, response, param_text(&request->params, PARAM_SEED));
}
