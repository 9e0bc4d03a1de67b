// SPDX-License-Identifier: MIT
#include "server/json/search_json.h"

#include "server/json/items_json.h"

static const char *const kind_names[SEARCH_KINDS] = {
	[SEARCH_QUOTE] = "quote",
	[SEARCH_REVIEW] = "review",
	[SEARCH_AGENT] = "agent",
	[SEARCH_WORK] = "work",
};

/* Words on one line, so that they can be put into a page as they are. */
static void append_escaped(struct buffer *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		switch (text[i]) {
		case '&':
			buffer_append_string(out, "&amp;");
			break;
		case '<':
			buffer_append_string(out, "&lt;");
			break;
		case '>':
			buffer_append_string(out, "&gt;");
			break;
		default:
			buffer_append_char(out, (unsigned char)text[i] < ' ' ? ' ' : text[i]);
		}
	}
}

static void snippet_json(struct out *out, const struct search_result *result)
{
	struct buffer snippet = { 0 };
	size_t at = 0;
	buffer_append_string(&snippet, result->cut_before ? "… " : "");
	for (size_t i = 0; i < result->marks.count; i++) {
		const struct search_hit *mark = &result->marks.items[i];
		append_escaped(&snippet, result->excerpt + at, mark->start - at);
		buffer_append_string(&snippet, "<mark>");
		append_escaped(&snippet, result->excerpt + mark->start, mark->end - mark->start);
		buffer_append_string(&snippet, "</mark>");
		at = mark->end;
	}
	append_escaped(&snippet, result->excerpt + at, result->excerpt_length - at);
	buffer_append_string(&snippet, result->cut_behind ? " …" : "");
	out->buffer->failed |= snippet.failed;
	out_field_string(out, "snippet", snippet.failed ? NULL : snippet.data);
	buffer_deinit(&snippet);
}

static void highlights_json(struct out *out, const struct search_result *result)
{
	out_key(out, "highlights");
	out_array_begin(out);
	for (size_t i = 0; i < result->highlight_count; i++) {
		out_object_begin(out);
		out_field_int(out, "start", result->highlights[i].start);
		out_field_int(out, "end", result->highlights[i].end);
		out_object_end(out);
	}
	out_array_end(out);
}

void hit_json(struct out *out, const struct search_result *result)
{
	out_object_begin(out);
	out_field_string(out, "type", kind_names[result->kind]);
	out_field_string(out, "field", result->field);
	snippet_json(out, result);
	highlights_json(out, result);
	out_key(out, kind_names[result->kind]);
	switch (result->kind) {
	case SEARCH_QUOTE:
		quote_json(out, &result->quote, NULL, NULL, NULL);
		break;
	case SEARCH_REVIEW:
		review_json(out, &result->review, NULL);
		break;
	case SEARCH_AGENT:
		agent_json(out, &result->agent);
		break;
	case SEARCH_WORK:
		work_json(out, &result->work);
		break;
	}
	out_object_end(out);
}

void suggestion_json(struct out *out, const struct suggestion *suggestion)
{
	bool is_agent = suggestion->kind == SEARCH_AGENT;
	out_object_begin(out);
	out_field_string(out, "type", is_agent ? agent_kind_names[suggestion->agent.kind] : "work");
	out_field_string(out, "id", is_agent ? suggestion->agent.slug : suggestion->work.slug);
	out_field_string(out, "name", is_agent ? suggestion->agent.name : suggestion->work.title);
	out_field_string(out, "matched", suggestion->matched);
	out_object_end(out);
}

static void verify_match_json(struct out *out, const struct verify_match *match)
{
	out_object_begin(out);
	out_field_string(out, "match", verdict_names[match->exact ? VERDICT_EXACT : VERDICT_NORMALISED]);
	out_key(out, "quote");
	if (match->quote.review_slug)
		quote_json(out, &match->quote, NULL, NULL, NULL);
	else
		out_null(out);
	out_key(out, "review");
	out_object_begin(out);
	out_field_string(out, "id", match->review_slug);
	out_object_end(out);
	out_key(out, "span");
	passage_json(out, &match->passage);
	agent_refs_json(out, "speakers", &match->quote.agents[ROLE_SPEAKER]);
	out_object_end(out);
}

void verification_json(struct out *out, const struct verification *verification)
{
	out_object_begin(out);
	out_field_string(out, "verdict", verdict_names[verification->verdict]);
	out_key(out, "matches");
	out_array_begin(out);
	for (size_t i = 0; i < verification->count; i++)
		verify_match_json(out, &verification->matches[i]);
	out_array_end(out);
	out_object_end(out);
}
