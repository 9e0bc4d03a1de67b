// SPDX-License-Identifier: MIT
#include "db/reviews.h"

#include <string.h>

#include "db/bundle_get.h"
#include "server/answer.h"
#include "server/cursor.h"
#include "server/handlers/filters.h"
#include "server/handlers/handlers.h"
#include "server/handlers/subjects.h"
#include "server/json/bundle_write.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/range.h"
#include "server/txt.h"

enum { PAGE_TEXT_BYTES_MAX = 8 * 1024 * 1024 };

/* The texts are given when they are asked for, in either way. */
static bool wants_texts(const struct request *request)
{
	const struct param_values *fields = &request->params.values[PARAM_FIELDS];
	bool wanted = (param_choices(&request->params, PARAM_INCLUDE) & CHOICE_BIT(INCLUDE_TEXT)) != 0;
	for (size_t i = 0; i < fields->count; i++)
		wanted |= !strcmp(fields->texts[i], "text");
	return wanted;
}

/* An answer is put together in memory, where the texts of a whole page may be too many; one always fits. */
static void cut_page(const struct request *request, struct review_page *page)
{
	size_t bytes = 0;
	for (size_t i = 0; i < page->count && wants_texts(request); i++) {
		bytes += page->items[i].text_bytes;
		if (i && bytes > PAGE_TEXT_BYTES_MAX) {
			page->count = i;
			page->more = true;
		}
	}
}

static enum db_status answer_item(struct answer *answer, const struct review *review, bool with_text)
{
	const char *text = NULL;
	size_t bytes;
	enum db_status status = DB_OK;
	if (with_text)
		status = review_text_get(answer->request->db, review->review_id, answer->request->arena, &text, &bytes);
	if (status != DB_OK)
		return status;
	if (!answer->txt)
		review_json(&answer->out, review, text);
	else if (text)
		review_txt(answer->txt, review, text);
	else
		name_txt_line(answer->txt, review->slug, review->title ? review->title : review->work.title);
	return DB_OK;
}

/* `query` has what the path asks for; the parameters add to it. */
static enum db_status answer_list(
	struct request *request, struct response *response, struct review_query *query, enum sort_key otherwise)
{
	static const enum review_order orders[] = {
		[SORT_ADDED] = REVIEW_ADDED,
		[SORT_ID] = REVIEW_ID,
		[SORT_PUBLISHED] = REVIEW_PUBLISHED,
		[SORT_REVIEWER] = REVIEW_REVIEWER,
		[SORT_TITLE] = REVIEW_TITLE,
		[SORT_UPDATED] = REVIEW_UPDATED,
	};
	struct review_page page;
	struct answer answer;
	struct list_place place;
	const struct list_place *after;
	bool descending;
	enum sort_key sort = param_sort(&request->params, otherwise, &descending);
	struct filters filters = { request, response, DB_OK };
	filters_works(&filters, &query->works);
	filters_characters(&filters, &query->characters);
	filters_people(&filters, &query->people);
	filters_length(&filters, &query->codepoints_given, &query->min_codepoints, &query->max_codepoints);
	filters_of_review(&filters, &query->filter);
	filters_words(&filters, &query->words);
	if (!filters_hold(&filters) || !cursor_read(request, response, cursor_keys(sort), &place, &after))
		return filters.status;
	enum db_status status = review_list(
		request->db, query, orders[sort], descending, after, answer_limit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	cut_page(request, &page);
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count && status == DB_OK; i++)
		status = answer_item(&answer, &page.items[i], wants_texts(request));
	if (status == DB_OK)
		answer_list_end(&answer, page.total, page.more && page.count ? &page.places[page.count - 1] : NULL);
	return status;
}

enum db_status handle_review_list(struct request *request, struct response *response)
{
	struct review_query query = { 0 };
	return answer_list(request, response, &query, SORT_ID);
}

enum db_status handle_review_list_by_work(struct request *request, struct response *response)
{
	struct work work;
	enum db_status status = subject_work(request, response, &work);
	if (status != DB_OK || response->status)
		return status;
	struct review_query query = { .works = { &work.ref.work_id, 1 } };
	return answer_list(request, response, &query, SORT_ID);
}

/* As they came: so an agent's history reads. */
enum db_status handle_review_list_by_agent(struct request *request, struct response *response)
{
	struct agent agent;
	enum db_status status = subject_agent(request, response, &agent);
	if (status != DB_OK || response->status)
		return status;
	struct review_query query = { .agents = { &agent.ref.agent_id, 1 } };
	return answer_list(request, response, &query, SORT_ADDED);
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
