// SPDX-License-Identifier: MIT
#include "db/changes.h"

#include "server/answer.h"
#include "server/cursor.h"
#include "server/handlers/handlers.h"
#include "server/json/items_json.h"
#include "server/problem.h"
#include "server/txt.h"

/* A client that is ahead has followed another store, or one of which an older copy was put in its place. */
static bool is_ahead(struct request *request, struct response *response, int64_t since)
{
	if (since <= request->store.revision)
		return false;
	problem_answer(request, response,
		&(struct problem) { .code = "gone",
			.parameter = "since",
			.detail = arena_printf(request->arena,
				"the store is at revision %lld and never was at %lld; start again with since=0",
				(long long)request->store.revision, (long long)since) });
	return true;
}

/* Behind all of the revision that is known already, or behind the change that the cursor tells: its revision, noun and
 * id.
 */
static bool read_after(
	struct request *request, struct response *response, int64_t since, struct change_place *ret_place)
{
	struct list_place place;
	const struct list_place *after;
	if (!cursor_read(request, response, CURSOR_BIT_TEXT, &place, &after))
		return false;
	*ret_place = (struct change_place) { .revision = since, .noun = NOUN_WORK + 1, .slug = "" };
	if (!after)
		return true;
	if (after->id <= since || !cursor_read_kind(after->text, NOUNS, &ret_place->noun, &ret_place->slug)) {
		cursor_refuse(request, response);
		return false;
	}
	ret_place->revision = after->id;
	return true;
}

enum db_status handle_change_list(struct request *request, struct response *response)
{
	int64_t since = param_number(&request->params, PARAM_SINCE, 0);
	struct change_place after;
	struct change_page page;
	struct answer answer;
	if (is_ahead(request, response, since) || !read_after(request, response, since, &after))
		return DB_OK;
	enum db_status status = change_list(request->db, since, &after, answer_limit(request), request->arena, &page);
	if (status != DB_OK)
		return status;
	if (!page.total && !request->has_waited)
		request->wait_seconds = param_number(&request->params, PARAM_WAIT, 0);
	if (request->wait_seconds)
		return DB_OK;
	answer_list_begin(&answer, request, response);
	for (size_t i = 0; i < page.count; i++) {
		if (answer.txt)
			change_txt_line(answer.txt, &page.items[i]);
		else
			change_json(&answer.out, &page.items[i]);
	}
	struct list_place last = { .key = PLACE_TEXT };
	if (page.count) {
		const struct change *change = &page.items[page.count - 1];
		last.id = change->revision;
		last.text = cursor_text_of_kind(request->arena, (int)change->noun, change->slug);
		if (!last.text)
			return DB_NO_MEMORY;
	}
	answer_list_end(&answer, page.total, page.more && page.count ? &last : NULL);
	return DB_OK;
}
