// SPDX-License-Identifier: MIT
#include "db/quotes.h"

#include <string.h>

#include "server/answer.h"
#include "server/handlers/handlers.h"
#include "server/handlers/quote_filters.h"
#include "server/handlers/subjects.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/txt.h"

/* `filter` has what the path asks for; the parameters add to it. */
static enum db_status answer_list(struct request *request, struct response *response, struct quote_filter *filter)
{
	struct quote_page page;
	struct answer answer;
	int64_t after;
	enum db_status status = quote_filters_read(request, response, filter);
	if (status != DB_OK || response->status || !answer_after_number(request, response, 0, &after))
		return status;
	status = quote_list(request->db, filter, after, answer_limit(request), request->arena, &page);
	if (status == DB_OK)
		status = quotes_convert(request->db, answer_offset_unit(request), page.items, page.count);
	if (status != DB_OK)
		return status;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count; i++) {
		if (!answer.txt) {
			quote_json(&answer.out, &page.items[i]);
			continue;
		}
		if (i)
			buffer_append_char(answer.txt, '\n');
		quote_txt(answer.txt, &page.items[i]);
	}
	int64_t last = page.count ? page.items[page.count - 1].quote_id : 0;
	answer_list_end(&answer, page.total, answer_next_number(request, response, page.more && page.count, last));
	return DB_OK;
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

enum db_status handle_quote_get(struct request *request, struct response *response)
{
	const char *tilde = strchrnul(request->path_id, '~');
	const char *review_slug = arena_strndup(request->arena, request->path_id, (size_t)(tilde - request->path_id));
	const char *local_slug = *tilde ? tilde + 1 : "";
	struct review review = { 0 };
	struct quote quote;
	if (!review_slug)
		return DB_NO_MEMORY;
	enum db_status status = review_get(request->db, review_slug, request->arena, &review);
	if (status == DB_OK)
		status = quote_get(request->db, review.review_id, local_slug, request->arena, &quote);
	if (status == DB_NOT_FOUND)
		return answer_no_quote(request, response, review_slug, review.review_id, local_slug);
	if (status == DB_OK)
		status = quotes_convert(request->db, answer_offset_unit(request), &quote, 1);
	if (status != DB_OK)
		return status;
	struct answer answer;
	answer_begin(&answer, request, response);
	if (answer.txt)
		quote_txt(answer.txt, &quote);
	else
		quote_json(&answer.out, &quote);
	answer_end(&answer);
	return DB_OK;
}
