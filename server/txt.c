// SPDX-License-Identifier: MIT
#include "server/txt.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

void txt_flat(struct buffer *out, const char *words)
{
	for (const char *c = words; *c; c++) {
		bool is_c1 = (unsigned char)c[0] == 0xc2 && (unsigned char)c[1] < 0xa0;
		bool is_separator = !strncmp(c, "\u2028", 3) || !strncmp(c, "\u2029", 3);
		bool is_control = (unsigned char)*c < ' ' || *c == 0x7f;
		buffer_append_char(out, is_control || is_c1 || is_separator ? ' ' : *c);
		c += is_c1 ? 1 : is_separator ? 2 : 0;
	}
}

static void field(struct buffer *out, const char *key, const char *value)
{
	if (!value)
		return;
	buffer_printf(out, "%s: ", key);
	txt_flat(out, value);
	buffer_append_char(out, '\n');
}

static void list_field(struct buffer *out, const char *key, const struct string_list *list)
{
	if (!list->count)
		return;
	buffer_printf(out, "%s: ", key);
	for (size_t i = 0; i < list->count; i++) {
		buffer_append_string(out, i ? ", " : "");
		txt_flat(out, list->items[i]);
	}
	buffer_append_char(out, '\n');
}

void name_txt_line(struct buffer *out, const char *slug, const char *name)
{
	buffer_printf(out, "%s\t", slug);
	txt_flat(out, name ? name : "");
	buffer_append_char(out, '\n');
}

void agent_txt(struct buffer *out, const struct agent *agent)
{
	field(out, "id", agent->ref.slug);
	field(out, "kind", agent_kind_names[agent->ref.kind]);
	field(out, "name", agent->ref.name);
	field(out, "description", agent->description);
	list_field(out, "aliases", &agent->aliases);
	list_field(out, "same_as", &agent->same_as);
}

void work_txt(struct buffer *out, const struct work *work)
{
	field(out, "id", work->ref.slug);
	field(out, "kind", work->kind);
	field(out, "title", work->ref.title);
	field(out, "language", work->language);
	field(out, "published", work->published);
	field(out, "description", work->description);
	for (size_t i = 0; i < work->contributor_count; i++) {
		const struct contributor *contributor = &work->contributors[i];
		buffer_printf(out, "%s: ", contributor->role);
		txt_flat(out, contributor->agent.name);
		if (contributor->character.agent_id) {
			buffer_append_string(out, " as ");
			txt_flat(out, contributor->character.name);
		}
		buffer_append_char(out, '\n');
	}
	for (size_t i = 0; i < work->relation_count; i++)
		field(out, work->relations[i].kind, work->relations[i].to.slug);
	list_field(out, "same_as", &work->same_as);
}

void review_txt(struct buffer *out, const struct review *review, const char *text)
{
	field(out, "id", review->slug);
	field(out, "title", review->title);
	field(out, "work", review->work.title ? review->work.title : review->work.slug);
	field(out, "reviewer", review->reviewer);
	field(out, "language", review->language);
	field(out, "published", review->published);
	if (review->rating.given)
		buffer_printf(out, "rating: %g of %g\n", review->rating.value, review->rating.best);
	field(out, "source", review->source);
	field(out, "licence", review->licence);
	field(out, "text_sha256", review->text_sha256);
	buffer_append_char(out, '\n');
	buffer_append(out, text, review->text_bytes);
	if (review->text_bytes && text[review->text_bytes - 1] != '\n')
		buffer_append_char(out, '\n');
}

/* The reviewer's words are about the work, and a real person's were not said in it. */
static bool is_from_the_work(const struct quote *quote)
{
	const struct agent_refs *speakers = &quote->agents[ROLE_SPEAKER];
	bool from = quote->work.slug && quote->form != FORM_PULL;
	for (size_t i = 0; i < speakers->count; i++)
		from = from && speakers->items[i].kind != AGENT_PERSON;
	return from;
}

void quote_txt(struct buffer *out, const struct quote *quote)
{
	const char *work = quote->work.title ? quote->work.title : quote->work.slug;
	const struct agent_refs *speakers = &quote->agents[ROLE_SPEAKER];
	for (size_t i = 0; i < quote->passage_count; i++) {
		buffer_append_string(out, i ? QUOTE_GAP : "");
		buffer_append_string(out, quote->passages[i].exact);
	}
	buffer_append_string(out, "\n— ");
	for (size_t i = 0; i < speakers->count; i++) {
		buffer_append_string(out, i ? " and " : "");
		txt_flat(out, speakers->items[i].name);
	}
	if (is_from_the_work(quote))
		buffer_append_string(out, speakers->count ? ", " : "");
	else
		buffer_printf(out, "%sreview %s", speakers->count ? ", in the " : "", work ? "of " : "");
	txt_flat(out, work ? work : quote->review_slug);
	buffer_append_char(out, '\n');
}

void passage_txt(struct buffer *out, const struct passage *passage)
{
	buffer_printf(out, "%s%s%s\n", passage->prefix, passage->exact, passage->suffix);
}

void change_txt_line(struct buffer *out, const struct change *change)
{
	buffer_printf(out, "%" PRId64 "\t%s\t%s\t%s\t%s\n", change->revision, change->deleted ? "delete" : "put",
		noun_names[change->noun], change->slug, change->at);
}

void mention_txt_line(struct buffer *out, const struct mention *mention)
{
	buffer_printf(out, "%" PRIu32 "-%" PRIu32 "\t", mention->passage.span.start, mention->passage.span.end);
	txt_flat(out, mention->passage.exact);
	buffer_append_char(out, '\t');
	for (size_t i = 0; i < mention->agents.count; i++)
		buffer_printf(out, "%s%s", i ? "," : "", mention->agents.items[i].slug);
	buffer_append_string(out, mention->work.slug ? mention->work.slug : "");
	buffer_append_char(out, '\n');
}

/* What it is, and the part of it that was found. */
void hit_txt_line(struct buffer *out, const struct search_result *result)
{
	switch (result->kind) {
	case SEARCH_QUOTE:
		buffer_printf(out, "quote\t%s~%s", result->quote.review_slug, result->quote.local_slug);
		break;
	case SEARCH_REVIEW:
		buffer_printf(out, "review\t%s", result->review.slug);
		break;
	case SEARCH_AGENT:
		buffer_printf(out, "%s\t%s", agent_kind_names[result->agent.ref.kind], result->agent.ref.slug);
		break;
	case SEARCH_WORK:
		buffer_printf(out, "work\t%s", result->work.ref.slug);
		break;
	}
	buffer_append_string(out, result->cut_before ? "\t… " : "\t");
	txt_flat(out, result->excerpt);
	buffer_append_string(out, result->cut_behind ? " …\n" : "\n");
}

void suggestion_txt_line(struct buffer *out, const struct suggestion *suggestion)
{
	bool is_agent = suggestion->kind == SEARCH_AGENT;
	buffer_printf(out, "%s\t%s\t%s\n", is_agent ? agent_kind_names[suggestion->agent.kind] : "work",
		is_agent ? suggestion->agent.slug : suggestion->work.slug, suggestion->matched);
}

void verification_txt(struct buffer *out, const struct verification *verification)
{
	buffer_printf(out, "%s\n", verdict_names[verification->verdict]);
	for (size_t i = 0; i < verification->count; i++) {
		const struct verify_match *match = &verification->matches[i];
		const struct agent_refs *speakers = &match->quote.agents[ROLE_SPEAKER];
		buffer_printf(out, "%s\t%" PRIu32 "-%" PRIu32 "\t", match->review_slug, match->passage.span.start,
			match->passage.span.end);
		txt_flat(out, match->passage.exact);
		buffer_append_char(out, '\t');
		for (size_t s = 0; s < speakers->count; s++)
			buffer_printf(out, "%s%s", s ? "," : "", speakers->items[s].slug);
		buffer_append_char(out, '\n');
	}
}

void store_txt(struct buffer *out, const struct store_info *store, const char *version)
{
	buffer_printf(out, "name: reviewd\nversion: %s\nrevision: %" PRId64 "\n", version, store->revision);
	buffer_printf(out, "reviews: %" PRId64 "\nworks: %" PRId64 "\n", store->reviews, store->works);
	buffer_printf(out, "characters: %" PRId64 "\npeople: %" PRId64 "\norganisations: %" PRId64 "\n",
		store->agents[AGENT_CHARACTER], store->agents[AGENT_PERSON], store->agents[AGENT_ORGANISATION]);
	buffer_printf(out, "quotes: %" PRId64 "\nmentions: %" PRId64 "\n", store->quotes, store->mentions);
}
