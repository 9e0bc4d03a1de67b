// SPDX-License-Identifier: MIT
#include "db/search.h"

#include <inttypes.h>

#include "db/suggestions.h"
#include "db/verify.h"
#include "server/answer.h"
#include "server/handlers/handlers.h"
#include "server/handlers/quote_filters.h"
#include "server/json/search_json.h"
#include "server/problem.h"
#include "server/txt.h"

enum db_status handle_search(struct request *request, struct response *response)
{
	struct search_cursor first = search_first();
	int64_t after[] = { first.score, first.rowid };
	const struct search_query *query;
	struct search_page page;
	if (!answer_after_numbers(request, response, after, 2, NULL))
		return DB_OK;
	enum db_status status = words_read(request, &query);
	if (status == DB_OK)
		status = search(request->db, query, (struct search_cursor) { after[0], after[1] },
			answer_limit(request), answer_offset_unit(request), request->arena, &page);
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
	answer_list_end(&answer, page.total,
		page.more && page.count
			? arena_printf(request->arena, "%" PRId64 ".%" PRId64, page.last.score, page.last.rowid)
			: NULL);
	return DB_OK;
}

enum db_status handle_suggest(struct request *request, struct response *response)
{
	int64_t numbers[] = { 0, 0 };
	struct suggestion_cursor after = { .place = "" };
	struct suggestion_page page;
	if (!answer_after_numbers(request, response, numbers, 2, &after.place))
		return DB_OK;
	after.kind = numbers[0];
	after.id = numbers[1];
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
	answer_list_end(&answer, page.total,
		page.more && page.count ? arena_printf(request->arena, "%" PRId64 ".%" PRId64 ".%s", page.last.kind,
						  page.last.id, page.last.place)
					: NULL);
	return DB_OK;
}

enum db_status handle_verify(struct request *request, struct response *response)
{
	struct verification verification;
	struct int_list speakers;
	enum db_status status = speakers_read(request, &speakers);
	bool claims = request->params.values[PARAM_SPEAKER].count > 0;
	if (status == DB_OK)
		status = verify(request->db, param_text(&request->params, PARAM_PASSAGE), claims ? &speakers : NULL,
			request->arena, &verification);
	if (status == DB_OK)
		status = verification_convert(request->db, answer_offset_unit(request), &verification);
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
