// SPDX-License-Identifier: MIT
#include "server/txt.h"

#include <inttypes.h>

static void field(struct buffer *out, const char *key, const char *value)
{
	if (value)
		buffer_printf(out, "%s: %s\n", key, value);
}

static void list_field(struct buffer *out, const char *key, const struct string_list *list)
{
	if (!list->count)
		return;
	buffer_printf(out, "%s: %s", key, list->items[0]);
	for (size_t i = 1; i < list->count; i++)
		buffer_printf(out, ", %s", list->items[i]);
	buffer_append_char(out, '\n');
}

void name_txt_line(struct buffer *out, const char *slug, const char *name)
{
	buffer_printf(out, "%s\t%s\n", slug, name ? name : "");
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
		buffer_printf(out, "%s: %s", contributor->role, contributor->agent.name);
		if (contributor->character.agent_id)
			buffer_printf(out, " as %s", contributor->character.name);
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
	for (size_t i = 0; i < speakers->count; i++)
		buffer_printf(out, "%s%s", i ? " and " : "", speakers->items[i].name);
	if (is_from_the_work(quote))
		buffer_printf(out, "%s%s", speakers->count ? ", " : "", work);
	else
		buffer_printf(out, "%sreview %s%s", speakers->count ? ", in the " : "", work ? "of " : "",
			work ? work : quote->review_slug);
	buffer_append_char(out, '\n');
}

void passage_txt(struct buffer *out, const struct passage *passage)
{
	buffer_printf(out, "%s%s%s\n", passage->prefix, passage->exact, passage->suffix);
}

void change_txt_line(struct buffer *out, const struct change *change)
{
	static const char *const nouns[] = { [NOUN_REVIEW] = "review", [NOUN_AGENT] = "agent", [NOUN_WORK] = "work" };
	buffer_printf(out, "%" PRId64 "\t%s\t%s\t%s\t%s\n", change->revision, change->deleted ? "delete" : "put",
		nouns[change->noun], change->slug, change->at);
}

/* Words on one line, whatever line ends are among them. */
static void flat(struct buffer *out, const char *text)
{
	for (const char *c = text; *c; c++)
		buffer_append_char(out, *c == '\n' || *c == '\r' || *c == '\t' ? ' ' : *c);
}

void mention_txt_line(struct buffer *out, const struct mention *mention)
{
	buffer_printf(out, "%" PRIu32 "-%" PRIu32 "\t", mention->passage.span.start, mention->passage.span.end);
	flat(out, mention->passage.exact);
	buffer_append_char(out, '\t');
	for (size_t i = 0; i < mention->agents.count; i++)
		buffer_printf(out, "%s%s", i ? "," : "", mention->agents.items[i].slug);
	buffer_append_string(out, mention->work.slug ? mention->work.slug : "");
	buffer_append_char(out, '\n');
}

void store_txt(struct buffer *out, const struct store_info *store, const char *version)
{
	buffer_printf(out, "name: reviewd\nversion: %s\nrevision: %" PRId64 "\n", version, store->revision);
	buffer_printf(out, "reviews: %" PRId64 "\nworks: %" PRId64 "\n", store->reviews, store->works);
	buffer_printf(out, "characters: %" PRId64 "\npeople: %" PRId64 "\norganisations: %" PRId64 "\n",
		store->agents[AGENT_CHARACTER], store->agents[AGENT_PERSON], store->agents[AGENT_ORGANISATION]);
	buffer_printf(out, "quotes: %" PRId64 "\nmentions: %" PRId64 "\n", store->quotes, store->mentions);
}
