// SPDX-License-Identifier: MIT
#include "db/reviews.h"

#include <string.h>

#include "db/bundle_get.h"
#include "server/answer.h"
#include "server/handlers/handlers.h"
#include "server/handlers/subjects.h"
#include "server/json/bundle_write.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/range.h"
#include "server/txt.h"

enum { PAGE_TEXT_BYTES_MAX = 8 * 1024 * 1024 };

static bool wants_text(const struct request *request)
{
	return request->params.values[PARAM_INCLUDE].count > 0;
}

/* An answer is put together in memory, where the texts of a whole page may be too many; one always fits. */
static void cut_page(const struct request *request, struct review_page *page)
{
	size_t bytes = 0;
	for (size_t i = 0; i < page->count && wants_text(request); i++) {
		bytes += page->items[i].text_bytes;
		if (i && bytes > PAGE_TEXT_BYTES_MAX) {
			page->count = i;
			page->more = true;
		}
	}
}

static enum db_status answer_page(
	struct request *request, struct response *response, const struct review_page *page, const char *next)
{
	struct answer answer;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page->count; i++) {
		const struct review *review = &page->items[i];
		const char *text = NULL;
		size_t bytes;
		enum db_status status = DB_OK;
		if (wants_text(request))
			status = review_text_get(request->db, review->review_id, request->arena, &text, &bytes);
		if (status != DB_OK)
			return status;
		if (!answer.txt)
			review_json(&answer.out, review, text);
		else if (text)
			review_txt(answer.txt, review, text);
		else
			name_txt_line(answer.txt, review->slug, review->title ? review->title : review->work.title);
	}
	answer_list_end(&answer, page->total, next);
	return DB_OK;
}

static const char *last_slug(const struct review_page *page)
{
	return page->more && page->count ? page->items[page->count - 1].slug : NULL;
}

enum db_status handle_review_list(struct request *request, struct response *response)
{
	const char *after;
	struct review_page page;
	if (!answer_after(request, response, &after))
		return DB_OK;
	enum db_status status =
		review_list(request->db, after ? after : "", answer_limit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	cut_page(request, &page);
	return answer_page(request, response, &page, last_slug(&page));
}

enum db_status handle_review_list_by_work(struct request *request, struct response *response)
{
	const char *after;
	struct work work;
	struct review_page page;
	enum db_status status = subject_work(request, response, &work);
	if (status != DB_OK || response->status || !answer_after(request, response, &after))
		return status;
	status = review_list_by_work(
		request->db, work.ref.work_id, after ? after : "", answer_limit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	cut_page(request, &page);
	return answer_page(request, response, &page, last_slug(&page));
}

enum db_status handle_review_list_by_agent(struct request *request, struct response *response)
{
	int64_t after;
	struct agent agent;
	struct review_page page;
	enum db_status status = subject_agent(request, response, &agent);
	if (status != DB_OK || response->status || !answer_after_number(request, response, 0, &after))
		return status;
	status = review_list_by_agent(
		request->db, agent.ref.agent_id, after, answer_limit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	cut_page(request, &page);
	int64_t last = page.count ? page.items[page.count - 1].review_id : 0;
	return answer_page(
		request, response, &page, answer_next_number(request, response, page.more && page.count, last));
}

enum db_status handle_review_get(struct request *request, struct response *response)
{
	struct review review;
	const char *text;
	size_t bytes;
	enum db_status status = subject_review(request, response, &review);
	if (status != DB_OK || response->status)
		return status;
	status = review_text_get(request->db, review.review_id, request->arena, &text, &bytes);
	if (status != DB_OK)
		return status;
	struct answer answer;
	answer_begin(&answer, request, response);
	if (answer.txt)
		review_txt(answer.txt, &review, text);
	else
		review_json(&answer.out, &review, text);
	answer_end(&answer);
	return DB_OK;
}

/* The bytes of the text that are wanted, as they are: no newline is added. */
static void answer_text(struct request *request, struct response *response, const char *text, size_t bytes)
{
	/* RFC 9110, section 13.1.5: a range counts only while what the client has is still the same. */
	const char *if_range = request->headers.if_range;
	bool wanted = request->headers.range && (request->codings & CODING_BIT_IDENTITY) &&
		      (!if_range || !strcmp(if_range, request->etag));
	size_t first = 0, last = 0;
	enum range range = wanted ? range_parse(request->headers.range, bytes, &first, &last) : RANGE_NONE;
	if (range == RANGE_BEHIND) {
		problem_answer(request, response,
			&(struct problem) { .code = "range-not-satisfiable",
				.detail = arena_printf(request->arena, "the text has %zu bytes", bytes) });
		response_header(response, "Content-Range", arena_printf(request->arena, "bytes */%zu", bytes));
		return;
	}
	response->status = range == RANGE_PART ? 206 : 200;
	response_header(response, "Content-Type", format_types[FORMAT_TXT]);
	response_header(response, "Accept-Ranges", "bytes");
	if (range == RANGE_PART) {
		response_header(response, "Content-Range",
			arena_printf(request->arena, "bytes %zu-%zu/%zu", first, last, bytes));
		buffer_append(&response->body, text + first, last - first + 1);
	} else {
		buffer_append(&response->body, text, bytes);
	}
}

enum db_status handle_review_text_get(struct request *request, struct response *response)
{
	struct review review;
	const char *text;
	size_t bytes;
	enum db_status status = subject_review(request, response, &review);
	if (status != DB_OK || response->status)
		return status;
	status = review_text_get(request->db, review.review_id, request->arena, &text, &bytes);
	if (status == DB_OK)
		answer_text(request, response, text, bytes);
	return status;
}

enum db_status handle_bundle_get(struct request *request, struct response *response)
{
	struct bundle bundle;
	enum db_status status = bundle_get(request->db, request->path_id, request->arena, &bundle);
	if (status == DB_NOT_FOUND)
		return answer_not_found(request, response, NOUN_REVIEW, "review");
	if (status != DB_OK)
		return status;
	struct answer answer;
	answer_begin(&answer, request, response);
	bundle_write(&answer.out, &bundle);
	answer_end(&answer);
	return DB_OK;
}
