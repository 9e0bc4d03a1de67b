// SPDX-License-Identifier: MIT
#include "server/json/items_json.h"

#include <string.h>

const char *const agent_kind_paths[AGENT_KINDS] = {
	[AGENT_CHARACTER] = "characters", [AGENT_PERSON] = "people", [AGENT_ORGANISATION] = "organisations"
};

static void strings_json(struct out *out, const char *key, const struct string_list *list)
{
	out_key(out, key);
	out_array_begin(out);
	for (size_t i = 0; i < list->count; i++)
		out_string(out, list->items[i]);
	out_array_end(out);
}

/* Slugs have letters of any script; in an address they are percent-encoded (RFC 3986, section 2.1). */
static void slug_piece(struct out *out, const char *slug)
{
	static const char hex[] = "0123456789ABCDEF";
	for (const char *c = slug; *c;) {
		size_t run = 0;
		while (c[run] && (unsigned char)c[run] < 0x80)
			run++;
		out_piece_n(out, c, run);
		for (c += run; (unsigned char)*c >= 0x80; c++) {
			const char encoded[] = { '%', hex[(unsigned char)*c >> 4], hex[*c & 15] };
			out_piece_n(out, encoded, sizeof(encoded));
		}
	}
}

static void url_json(struct out *out, const char *path, const char *slug, const char *local_slug)
{
	out_key(out, "url");
	if (out_passes(out))
		return;
	out_string_begin(out);
	out_piece(out, "/v1/");
	out_piece(out, path);
	out_piece(out, "/");
	slug_piece(out, slug);
	if (local_slug) {
		out_piece(out, "~");
		slug_piece(out, local_slug);
	}
	out_string_end(out);
}

static void agent_ref_fields(struct out *out, const struct agent_ref *agent)
{
	out_field_string(out, "id", agent->slug);
	out_field_string(out, "kind", agent_kind_names[agent->kind]);
	out_field_string(out, "name", agent->name);
}

void agent_ref_json(struct out *out, const struct agent_ref *agent)
{
	out_object_begin(out);
	agent_ref_fields(out, agent);
	out_object_end(out);
}

void agent_refs_json(struct out *out, const char *key, const struct agent_refs *agents)
{
	out_key(out, key);
	out_array_begin(out);
	for (size_t i = 0; i < agents->count; i++)
		agent_ref_json(out, &agents->items[i]);
	out_array_end(out);
}

void agent_json(struct out *out, const struct agent *agent)
{
	out_object_begin(out);
	agent_ref_fields(out, &agent->ref);
	out_field_string(out, "description", agent->description);
	strings_json(out, "aliases", &agent->aliases);
	strings_json(out, "same_as", &agent->same_as);
	url_json(out, agent_kind_paths[agent->ref.kind], agent->ref.slug, NULL);
	out_object_end(out);
}

void work_ref_json(struct out *out, const struct work_ref *work)
{
	if (!work->slug) {
		out_null(out);
		return;
	}
	out_object_begin(out);
	out_field_string(out, "id", work->slug);
	out_field_string(out, "title", work->title);
	out_object_end(out);
}

static void contributor_json(struct out *out, const struct contributor *contributor)
{
	out_object_begin(out);
	out_field_string(out, "role", contributor->role);
	agent_ref_fields(out, &contributor->agent);
	out_key(out, "character");
	if (contributor->character.agent_id)
		agent_ref_json(out, &contributor->character);
	else
		out_null(out);
	out_object_end(out);
}

void work_json(struct out *out, const struct work *work)
{
	out_object_begin(out);
	out_field_string(out, "id", work->ref.slug);
	out_field_string(out, "kind", work->kind);
	out_field_string(out, "title", work->ref.title);
	out_field_string(out, "language", work->language);
	out_field_string(out, "published", work->published);
	out_field_string(out, "description", work->description);
	out_key(out, "contributors");
	out_array_begin(out);
	for (size_t i = 0; i < work->contributor_count; i++)
		contributor_json(out, &work->contributors[i]);
	out_array_end(out);
	out_key(out, "relations");
	out_array_begin(out);
	for (size_t i = 0; i < work->relation_count; i++) {
		out_object_begin(out);
		out_field_string(out, "kind", work->relations[i].kind);
		out_field_string(out, "to", work->relations[i].to.slug);
		out_field_string(out, "title", work->relations[i].to.title);
		out_object_end(out);
	}
	out_array_end(out);
	strings_json(out, "same_as", &work->same_as);
	url_json(out, "works", work->ref.slug, NULL);
	out_object_end(out);
}

static void rating_json(struct out *out, const struct bundle_rating *rating)
{
	out_key(out, "rating");
	if (!rating->given) {
		out_null(out);
		return;
	}
	out_object_begin(out);
	out_key(out, "value");
	out_real(out, rating->value);
	out_key(out, "best");
	out_real(out, rating->best);
	out_key(out, "worst");
	out_real(out, rating->worst);
	out_object_end(out);
}

void review_json(struct out *out, const struct review *review, const char *text)
{
	out_object_begin(out);
	out_field_string(out, "id", review->slug);
	out_field_string(out, "title", review->title);
	out_field_string(out, "language", review->language);
	out_field_string(out, "reviewer", review->reviewer);
	out_field_string(out, "published", review->published);
	rating_json(out, &review->rating);
	out_field_string(out, "source", review->source);
	out_field_string(out, "licence", review->licence);
	out_key(out, "work");
	work_ref_json(out, &review->work);
	out_field_string(out, "text_sha256", review->text_sha256);
	out_field_int(out, "text_codepoints", (int64_t)review->text_codepoints);
	out_field_int(out, "text_bytes", (int64_t)review->text_bytes);
	out_field_int(out, "revision", review->revision);
	out_field_string(out, "updated_at", review->updated_at);
	url_json(out, "reviews", review->slug, NULL);
	if (text)
		out_field_string(out, "text", text);
	out_object_end(out);
}

/* `from` and `until`: where its words stand already, as a value; none: they are equal. */
static void words_json(struct out *out, const struct passage *passage, size_t from, size_t until)
{
	out_object_begin(out);
	out_field_int(out, "start", passage->span.start);
	out_field_int(out, "end", passage->span.end);
	out_key(out, "exact");
	if (from < until)
		out_again(out, from, until);
	else
		out_string(out, passage->exact);
	out_field_string(out, "prefix", passage->prefix);
	out_field_string(out, "suffix", passage->suffix);
	out_object_end(out);
}

void passage_json(struct out *out, const struct passage *passage)
{
	words_json(out, passage, 0, 0);
}

static void quote_id_json(struct out *out, const struct quote *quote)
{
	out_key(out, "id");
	out_string_begin(out);
	out_piece(out, quote->review_slug);
	out_piece(out, "~");
	out_piece(out, quote->local_slug);
	out_string_end(out);
}

/* What is given out as the words of the quote: its spans, joined. */
static void quote_text_json(struct out *out, const struct quote *quote)
{
	out_string_begin(out);
	for (size_t i = 0; i < quote->passage_count; i++) {
		out_piece(out, i ? QUOTE_GAP : "");
		out_piece(out, quote->passages[i].exact);
	}
	out_string_end(out);
}

static void quote_review_json(struct out *out, const struct quote *quote)
{
	out_object_begin(out);
	out_field_string(out, "id", quote->review_slug);
	out_field_int(out, "revision", quote->review_revision);
	out_object_end(out);
}

static bool are_same(const struct agent_refs *some, const struct agent_refs *others)
{
	bool same = some->count == others->count;
	for (size_t i = 0; i < some->count && same; i++)
		same = some->items[i].agent_id == others->items[i].agent_id;
	return same;
}

/* Whether all is the same that quote_nature_json() writes. */
static bool are_alike(const struct quote *some, const struct quote *other)
{
	bool alike = some->form == other->form && some->attribution == other->attribution &&
		     some->review_id == other->review_id && some->work.work_id == other->work.work_id;
	for (int role = 0; role < QUOTE_ROLES && alike; role++)
		alike = are_same(&some->agents[role], &other->agents[role]);
	return alike;
}

/* What it is, who says it and where it comes from. */
static void quote_nature_json(
	struct out *out, const struct quote *quote, const struct review *review, const struct work *work)
{
	out_field_string(out, "form", quote_form_names[quote->form]);
	out_field_string(out, "attribution", attribution_names[quote->attribution]);
	out_field_string(out, "language", quote->language);
	agent_refs_json(out, "speakers", &quote->agents[ROLE_SPEAKER]);
	agent_refs_json(out, "addressees", &quote->agents[ROLE_ADDRESSEE]);
	agent_refs_json(out, "about", &quote->agents[ROLE_ABOUT]);
	out_key(out, "work");
	if (work && quote->work.slug)
		work_json(out, work);
	else
		work_ref_json(out, &quote->work);
	out_key(out, "review");
	if (review)
		review_json(out, review, NULL);
	else
		quote_review_json(out, quote);
}

/* `from` and `until`: where the text of the quote stands, which is that of its only span. */
static void quote_spans_json(struct out *out, const struct quote *quote, size_t from, size_t until)
{
	out_array_begin(out);
	for (size_t i = 0; i < quote->passage_count; i++)
		words_json(out, &quote->passages[i], from, quote->passage_count == 1 ? until : from);
	out_array_end(out);
}

void quote_json(struct out *out, const struct quote *quote, const struct review *review, const struct work *work,
	struct quote_json_before *before)
{
	out_object_begin(out);
	quote_id_json(out, quote);
	out_key(out, "text");
	size_t text = out_place(out);
	quote_text_json(out, quote);
	size_t from = out_place(out);
	if (before && before->quote && are_alike(quote, before->quote))
		out_again(out, before->from, before->until);
	else
		quote_nature_json(out, quote, review, work);
	if (before)
		*before = (struct quote_json_before) { quote, from, out_place(out) };
	out_key(out, "spans");
	if (!out_passes(out))
		quote_spans_json(out, quote, text, from);
	out_field_string(out, "text_sha256", quote->text_sha256);
	out_field_bool(out, "spoiler", quote->spoiler);
	url_json(out, "quotes", quote->review_slug, quote->local_slug);
	out_object_end(out);
}

void context_json(struct out *out, const struct quote *quote, const struct quote_context *context)
{
	out_object_begin(out);
	out_key(out, "quote");
	quote_json(out, quote, NULL, NULL, NULL);
	out_field_string(out, "before", context->passage.prefix);
	out_field_string(out, "exact", context->passage.exact);
	out_field_string(out, "after", context->passage.suffix);
	out_field_int(out, "start", context->whole.start);
	out_field_int(out, "end", context->whole.end);
	out_object_end(out);
}

/* What is deleted has no address any more. */
void change_json(struct out *out, const struct change *change)
{
	static const char *const paths[] = { [NOUN_REVIEW] = "reviews", [NOUN_WORK] = "works" };
	out_object_begin(out);
	out_field_int(out, "revision", change->revision);
	out_field_string(out, "op", change->deleted ? "delete" : "put");
	out_field_string(out, "kind", noun_names[change->noun]);
	out_field_string(out, "id", change->slug);
	out_field_string(out, "at", change->at);
	if (change->deleted)
		out_field_string(out, "url", NULL);
	else
		url_json(out, change->noun == NOUN_AGENT ? agent_kind_paths[change->kind] : paths[change->noun],
			change->slug, NULL);
	out_object_end(out);
}

void mention_json(struct out *out, const struct mention *mention)
{
	out_object_begin(out);
	out_key(out, "span");
	passage_json(out, &mention->passage);
	out_key(out, "of");
	out_array_begin(out);
	for (size_t i = 0; i < mention->agents.count; i++)
		agent_ref_json(out, &mention->agents.items[i]);
	if (mention->work.slug) {
		out_object_begin(out);
		out_field_string(out, "id", mention->work.slug);
		out_field_string(out, "kind", "work");
		out_field_string(out, "name", mention->work.title);
		out_object_end(out);
	}
	out_array_end(out);
	out_key(out, "review");
	out_object_begin(out);
	out_field_string(out, "id", mention->review_slug);
	out_object_end(out);
	out_object_end(out);
}

void store_json(struct out *out, const struct store_info *store, const char *version)
{
	static const char *const lists[] = { "reviews", "works", "characters", "people", "organisations", "quotes" };
	out_object_begin(out);
	out_field_string(out, "name", "reviewd");
	out_field_string(out, "version", version);
	out_field_int(out, "revision", store->revision);
	out_key(out, "counts");
	out_object_begin(out);
	out_field_int(out, "reviews", store->reviews);
	out_field_int(out, "works", store->works);
	out_field_int(out, "characters", store->agents[AGENT_CHARACTER]);
	out_field_int(out, "people", store->agents[AGENT_PERSON]);
	out_field_int(out, "organisations", store->agents[AGENT_ORGANISATION]);
	out_field_int(out, "quotes", store->quotes);
	out_field_int(out, "mentions", store->mentions);
	out_object_end(out);
	out_key(out, "links");
	out_object_begin(out);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		char url[32] = "/v1/";
		memcpy(url + 4, lists[i], strlen(lists[i]) + 1);
		out_field_string(out, lists[i], url);
	}
	out_field_string(out, "facets", "/v1/facets{?by*}");
	out_field_string(out, "changes", "/v1/changes{?since,wait}");
	out_field_string(out, "export", "/v1/export");
	out_field_string(out, "search", "/v1/search{?q}");
	out_field_string(out, "suggest", "/v1/suggest{?q}");
	out_field_string(out, "verify", "/v1/verify{?text,speaker}");
	out_object_end(out);
	out_object_end(out);
}
