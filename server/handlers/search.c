// SPDX-License-Identifier: MIT
#include "db/search.h"

#include "db/suggestions.h"
#include "db/verify.h"
#include "server/answer.h"
#include "server/cursor.h"
#include "server/handlers/filters.h"
#include "server/handlers/handlers.h"
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
	if (!filters_hold(&filters) || !cursor_read(request, response, &place, &after))
		return filters.status;
	if (after && after->key != PLACE_NUMBER) {
		cursor_refuse(request, response);
		return DB_OK;
	}
	if (after)
		from = (struct search_cursor) { .score = after->number, .rowid = after->id };
	enum db_status status = search(request->db, query, from, answer_limit(request), request->arena, &page);
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
	if (!cursor_read(request, response, &place, &after))
		return false;
	if (!after)
		return true;
	const char *text = after->text;
	if (!text || text[0] < '0' || text[0] > '9' || text[1] != '.') {
		cursor_refuse(request, response);
		return false;
	}
	*ret_after = (struct suggestion_cursor) { .place = text + 2, .kind = text[0] - '0', .id = after->id };
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
		last.text = arena_printf(request->arena, "%d.%s", (int)page.last.kind, page.last.place);
		if (!last.text)
			return DB_NO_MEMORY;
	}
	answer_list_end(&answer, page.total, page.more && page.count ? &last : NULL);
	return DB_OK;
}

enum db_status handle_verify(struct request *request, struct response *response)
{
	struct verification verification;
	struct int_list speakers = { 0 };
	struct filters filters = { request, response, DB_OK };
	filters_claimed(&filters, &speakers);
	enum db_status status = filters.status;
	bool claims = request->params.values[PARAM_SPEAKER].count > 0;
	if (status == DB_OK)
		status = verify(request->db, param_text(&request->params, PARAM_PASSAGE), claims ? &speakers : NULL,
			request->arena, &verification);
	if (status == DB_INVALID) {
		problem_answer(request, response,
			&(struct problem) { .code = "invalid-parameter",
				.detail = "'text' has no word that could be looked for",
				.parameter = "text" });
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
