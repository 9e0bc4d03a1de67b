// SPDX-License-Identifier: MIT
#include "db/search.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "db/suggestions.h"
#include "db/text/utf8.h"
#include "db/verify.h"
#include "server/answer.h"
#include "server/cursor.h"
#include "server/handlers/filters.h"
#include "server/handlers/handlers.h"
#include "server/handlers/refusals.h"
#include "server/json/given_passage_read.h"
#include "server/json/search_json.h"
#include "server/problem.h"
#include "server/txt.h"

enum db_status handle_search(struct request *request, struct response *response)
{
	struct search_cursor from = search_first();
	struct list_place place;
	const struct list_place *after;
	const struct search_query *query;
	struct search_page page;
	struct filters filters = { request, response, DB_OK };
	filters_words(&filters, &query);
	if (!filters_hold(&filters) || !cursor_read(request, response, CURSOR_BIT_NUMBER, &place, &after))
		return filters.status;
	if (after)
		from = (struct search_cursor) { .score = after->number, .rowid = after->id };
	enum db_status status = search(
		request->db, query, from, answer_limit(request), answer_offset_unit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	struct answer answer;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count; i++) {
		if (answer.txt)
			hit_txt_line(answer.txt, &page.items[i]);
		else
			hit_json(&answer.out, &page.items[i]);
	}
	struct list_place last = { .key = PLACE_NUMBER, .number = page.last.score, .id = page.last.rowid };
	answer_list_end(&answer, page.total, page.more && page.count ? &last : NULL);
	return DB_OK;
}

/* Behind the place that the cursor tells: the kind of what stands there, and its key. */
static bool read_after(struct request *request, struct response *response, struct suggestion_cursor *ret_after)
{
	struct list_place place;
	const struct list_place *after;
	*ret_after = (struct suggestion_cursor) { .place = "" };
	if (!cursor_read(request, response, CURSOR_BIT_TEXT, &place, &after))
		return false;
	if (!after)
		return true;
	int kind;
	if (!cursor_read_kind(after->text, CURSOR_KINDS_MAX, &kind, &ret_after->place)) {
		cursor_refuse(request, response);
		return false;
	}
	ret_after->kind = kind;
	ret_after->id = after->id;
	return true;
}

enum db_status handle_suggest(struct request *request, struct response *response)
{
	struct suggestion_cursor after;
	struct suggestion_page page;
	if (!read_after(request, response, &after))
		return DB_OK;
	enum db_status status = suggest(request->db, param_text(&request->params, PARAM_Q), &after,
		answer_limit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	struct answer answer;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count; i++) {
		if (answer.txt)
			suggestion_txt_line(answer.txt, &page.items[i]);
		else
			suggestion_json(&answer.out, &page.items[i]);
	}
	struct list_place last = { .key = PLACE_TEXT, .id = page.last.id };
	if (page.count) {
		last.text = cursor_text_of_kind(request->arena, (int)page.last.kind, page.last.place);
		if (!last.text)
			return DB_NO_MEMORY;
	}
	answer_list_end(&answer, page.total, page.more && page.count ? &last : NULL);
	return DB_OK;
}

static bool is_plain(const struct request *request)
{
	static const char plain[] = "text/plain";
	const char *type = request->headers.content_type;
	return type && !strncasecmp(type, plain, sizeof(plain) - 1);
}

/* `no_words` answers that the passage has none. */
static enum db_status answer_verification(struct request *request, struct response *response, const char *text,
	void (*no_words)(struct request *request, struct response *response))
{
	struct verification verification;
	struct int_list speakers = { 0 };
	struct filters filters = { request, response, DB_OK };
	filters_claimed(&filters, &speakers);
	enum db_status status = filters.status;
	bool claims = request->params.values[PARAM_SPEAKER].count > 0;
	if (status == DB_OK)
		status = verify(request->db, text, claims ? &speakers : NULL, request->arena, &verification);
	if (status == DB_OK)
		status = verification_convert(request->db, answer_offset_unit(request), &verification);
	if (status == DB_INVALID) {
		no_words(request, response);
		return DB_OK;
	}
	if (status != DB_OK)
		return status;
	struct answer answer;
	answer_begin(&answer, request, response);
	if (answer.txt)
		verification_txt(answer.txt, &verification);
	else
		verification_json(&answer.out, &verification);
	answer_end(&answer);
	return DB_OK;
}

static void answer_no_words(struct request *request, struct response *response)
{
	problem_answer(request, response,
		&(struct problem) { .code = "invalid-parameter",
			.detail = "'text' has no word that could be looked for",
			.parameter = "text" });
}

enum db_status handle_verify(struct request *request, struct response *response)
{
	return answer_verification(request, response, param_text(&request->params, PARAM_PASSAGE), answer_no_words);
}

/* In a body of JSON the words are its text; a plain one is nothing but words. */
static void refuse_words(struct request *request, struct response *response, const char *reason)
{
	struct bundle_problem wrong = { .pointer = is_plain(request) ? "" : "/text", .reason = reason };
	refusal_answer(
		request, response, BUNDLE_READ_INVALID, &(struct bundle_problems) { .items = &wrong, .count = 1 });
}

static void answer_no_words_in_body(struct request *request, struct response *response)
{
	refuse_words(request, response, "has no word that could be looked for");
}

/* What the body says of speakers is as if it stood in the address as well. */
static bool add_speakers(struct request *request, const struct string_list *given)
{
	struct param_values *values = &request->params.values[PARAM_SPEAKER];
	for (size_t i = 0; i < given->count; i++) {
		const char **texts = arena_push(request->arena, values->texts, values->count, sizeof(*texts));
		if (!texts)
			return false;
		values->texts = texts;
		texts[values->count++] = given->items[i];
	}
	return true;
}

enum db_status handle_verify_post(struct request *request, struct response *response)
{
	const char *body = request->body.data ? request->body.data : "";
	size_t length = request->body.length;
	struct given_passage passage = { .text = body };
	struct bundle_problems problems;
	if (is_plain(request) && (strlen(body) < length || utf8_find_invalid(body, length) < length)) {
		refuse_words(request, response, "is no UTF-8, or has a NUL in it");
		return DB_OK;
	}
	if (!is_plain(request)) {
		enum bundle_read_status read = given_passage_read(body, length, request->arena, &passage, &problems);
		if (read != BUNDLE_READ_OK) {
			refusal_answer(request, response, read, &problems);
			return DB_OK;
		}
	}
	if (!add_speakers(request, &passage.speakers))
		return DB_NO_MEMORY;
	return answer_verification(request, response, passage.text, answer_no_words_in_body);
}
