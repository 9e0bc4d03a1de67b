// SPDX-License-Identifier: MIT
#include "server/json/bundle_write.h"

static void write_strings(struct out *out, const char *key, const struct string_list *list)
{
	out_key(out, key);
	out_array_begin(out);
	for (size_t i = 0; i < list->count; i++)
		out_string(out, list->items[i]);
	out_array_end(out);
}

static void write_agent_ids(
	struct out *out, const char *key, const struct bundle *bundle, const struct index_list *list)
{
	out_key(out, key);
	out_array_begin(out);
	for (size_t i = 0; i < list->count; i++)
		out_string(out, bundle->agents[list->items[i]].slug);
	out_array_end(out);
}

static void write_span(struct out *out, const struct span *span)
{
	out_array_begin(out);
	out_int(out, span->start);
	out_int(out, span->end);
	out_array_end(out);
}

static void write_rating(struct out *out, const struct bundle_rating *rating)
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

static void write_contributors(struct out *out, const struct bundle *bundle, const struct bundle_work *work)
{
	out_key(out, "contributors");
	out_array_begin(out);
	for (size_t i = 0; i < work->contributor_count; i++) {
		const struct bundle_contributor *contributor = &work->contributors[i];
		out_object_begin(out);
		out_field_string(out, "role", contributor->role);
		out_field_string(out, "id", bundle->agents[contributor->agent].slug);
		out_field_string(out, "name", bundle->agents[contributor->agent].name);
		if (contributor->character != BUNDLE_NONE)
			out_field_string(out, "character", bundle->agents[contributor->character].slug);
		out_object_end(out);
	}
	out_array_end(out);
}

static void write_relations(struct out *out, const struct bundle_work *work)
{
	out_key(out, "relations");
	out_array_begin(out);
	for (size_t i = 0; i < work->relation_count; i++) {
		out_object_begin(out);
		out_field_string(out, "kind", work->relations[i].kind);
		out_field_string(out, "to", work->relations[i].to);
		out_object_end(out);
	}
	out_array_end(out);
}

static void write_work(struct out *out, const struct bundle *bundle, const struct bundle_work *work)
{
	out_object_begin(out);
	out_field_string(out, "id", work->slug);
	out_field_string(out, "kind", work->kind);
	out_field_string(out, "title", work->title);
	out_field_string(out, "language", work->language);
	out_field_string(out, "published", work->published);
	if (work->description)
		out_field_string(out, "description", work->description);
	write_contributors(out, bundle, work);
	write_relations(out, work);
	write_strings(out, "same_as", &work->same_as);
	out_object_end(out);
}

static void write_works(struct out *out, const struct bundle *bundle)
{
	out_key(out, "work");
	if (bundle->work == BUNDLE_NONE)
		out_null(out);
	else
		write_work(out, bundle, &bundle->works[bundle->work]);
	out_key(out, "works");
	out_array_begin(out);
	for (size_t i = 0; i < bundle->work_count; i++) {
		if (i != bundle->work)
			write_work(out, bundle, &bundle->works[i]);
	}
	out_array_end(out);
}

static void write_agents(struct out *out, const struct bundle *bundle)
{
	out_key(out, "agents");
	out_array_begin(out);
	for (size_t i = 0; i < bundle->agent_count; i++) {
		const struct bundle_agent *agent = &bundle->agents[i];
		if (!agent->declared)
			continue;
		out_object_begin(out);
		out_field_string(out, "id", agent->slug);
		out_field_string(out, "kind", agent_kind_names[agent->kind]);
		out_field_string(out, "name", agent->name);
		write_strings(out, "aliases", &agent->aliases);
		if (agent->description)
			out_field_string(out, "description", agent->description);
		if (agent->same_as.count)
			write_strings(out, "same_as", &agent->same_as);
		out_object_end(out);
	}
	out_array_end(out);
}

static void write_quote(struct out *out, const struct bundle *bundle, const struct bundle_quote *quote)
{
	out_object_begin(out);
	out_field_string(out, "id", quote->id);
	out_field_string(out, "form", quote_form_names[quote->form]);
	write_agent_ids(out, "speakers", bundle, &quote->speakers);
	write_agent_ids(out, "addressees", bundle, &quote->addressees);
	write_agent_ids(out, "about", bundle, &quote->about);
	out_field_string(out, "attribution", attribution_names[quote->attribution]);
	out_key(out, "spans");
	out_array_begin(out);
	for (size_t i = 0; i < quote->span_count; i++)
		write_span(out, &quote->spans[i]);
	out_array_end(out);
	out_key(out, "exact");
	out_array_begin(out);
	for (size_t i = 0; i < quote->span_count; i++) {
		const struct span *span = &quote->spans[i];
		out_string_n(out, bundle->text + span->byte_start, span->byte_end - span->byte_start);
	}
	out_array_end(out);
	out_field_string(out, "work", quote->work == BUNDLE_NONE ? NULL : bundle->works[quote->work].slug);
	out_field_bool(out, "spoiler", quote->spoiler);
	out_object_end(out);
}

static void write_mention(struct out *out, const struct bundle *bundle, const struct bundle_mention *mention)
{
	out_object_begin(out);
	out_key(out, "span");
	write_span(out, &mention->span);
	if (mention->work == BUNDLE_NONE) {
		write_agent_ids(out, "of", bundle, &mention->agents);
	} else {
		out_key(out, "of");
		out_array_begin(out);
		out_string(out, bundle->works[mention->work].slug);
		out_array_end(out);
		out_field_string(out, "kind", "work");
	}
	out_object_end(out);
}

void bundle_write(struct out *out, const struct bundle *bundle)
{
	out_object_begin(out);
	out_field_string(out, "id", bundle->slug);
	out_field_string(out, "title", bundle->title);
	out_field_string(out, "language", bundle->language);
	out_field_string(out, "reviewer", bundle->reviewer);
	out_field_string(out, "published", bundle->published);
	write_rating(out, &bundle->rating);
	out_field_string(out, "source", bundle->source);
	out_field_string(out, "licence", bundle->licence);
	write_works(out, bundle);
	write_agents(out, bundle);
	out_key(out, "text");
	out_string_n(out, bundle->text, bundle->text_bytes);
	out_key(out, "quotes");
	out_array_begin(out);
	for (size_t i = 0; i < bundle->quote_count; i++)
		write_quote(out, bundle, &bundle->quotes[i]);
	out_array_end(out);
	out_key(out, "mentions");
	out_array_begin(out);
	for (size_t i = 0; i < bundle->mention_count; i++)
		write_mention(out, bundle, &bundle->mentions[i]);
	out_array_end(out);
	out_object_end(out);
}
