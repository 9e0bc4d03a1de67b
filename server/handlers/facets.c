// SPDX-License-Identifier: MIT
#include "db/quote_facets.h"

#include <inttypes.h>

#include "server/answer.h"
#include "server/handlers/filters.h"
#include "server/handlers/handlers.h"

_Static_assert(
	(int)BY_ABOUT == (int)FACET_ABOUT && (int)BY_LANGUAGE == (int)FACET_LANGUAGE && (int)BY_WORK == (int)FACET_WORK,
	"the words are in the order of the facets");

/* Values that say all themselves have no name. */
static bool has_names(enum quote_facet facet)
{
	return facet != FACET_ATTRIBUTION && facet != FACET_FORM && facet != FACET_LANGUAGE && facet != FACET_SPOILER;
}

static void write_json(struct out *out, enum quote_facet facet, const struct facet_values *values)
{
	out_key(out, param_specs[PARAM_BY].choices[facet]);
	out_array_begin(out);
	for (size_t i = 0; i < values->count; i++) {
		out_object_begin(out);
		out_field_string(out, "id", values->items[i].id);
		if (has_names(facet))
			out_field_string(out, "name", values->items[i].name);
		out_field_int(out, "count", values->items[i].quotes);
		out_object_end(out);
	}
	out_array_end(out);
}

static void write_txt(struct buffer *out, enum quote_facet facet, const struct facet_values *values)
{
	for (size_t i = 0; i < values->count; i++)
		buffer_printf(out, "%s\t%s\t%s\t%" PRId64 "\n", param_specs[PARAM_BY].choices[facet],
			values->items[i].id, values->items[i].name ? values->items[i].name : "",
			values->items[i].quotes);
}

/* Each facet once, in the order of their names. */
static enum db_status write_facets(struct answer *answer, const struct quote_filter *filter)
{
	struct request *request = answer->request;
	unsigned chosen = param_choices(&request->params, PARAM_BY);
	enum db_status status = DB_OK;
	chosen = chosen ? chosen : CHOICE_BIT(BY_CHARACTER);
	for (int by = 0; param_specs[PARAM_BY].choices[by] && status == DB_OK; by++) {
		struct facet_values values;
		if (!(chosen & CHOICE_BIT(by)))
			continue;
		status = quote_facet_values(
			request->db, filter, (enum quote_facet)by, answer_limit(request), request->arena, &values);
		if (status == DB_OK && answer->txt)
			write_txt(answer->txt, (enum quote_facet)by, &values);
		else if (status == DB_OK)
			write_json(&answer->out, (enum quote_facet)by, &values);
	}
	return status;
}

enum db_status handle_facet_list(struct request *request, struct response *response)
{
	struct quote_filter filter = { 0 };
	struct answer answer;
	struct filters filters = { request, response, DB_OK };
	filters_of_quote(&filters, &filter);
	if (!filters_hold(&filters))
		return filters.status;
	answer_begin(&answer, request, response);
	if (!answer.txt) {
		out_object_begin(&answer.out);
		out_key(&answer.out, "facets");
		out_object_begin(&answer.out);
	}
	enum db_status status = write_facets(&answer, &filter);
	if (status == DB_OK && !answer.txt) {
		out_object_end(&answer.out);
		out_field_int(&answer.out, "revision", request->store.revision);
		out_object_end(&answer.out);
	}
	answer_end(&answer);
	return status;
}
