// SPDX-License-Identifier: MIT
#include "db/review_digest.h"

#include <string.h>

#include "db/sha256.h"
#include "db/text/buffer.h"

static void note_used(bool *used, const struct index_list *agents)
{
	for (size_t i = 0; i < agents->count; i++)
		used[agents->items[i]] = true;
}

static bool review_agents(const struct bundle *bundle, struct arena *arena, struct index_list *ret_agents)
{
	bool *used = arena_array(arena, bundle->agent_count, sizeof(*used));
	struct index_list list = { .items = arena_array(arena, bundle->agent_count, sizeof(*list.items)) };
	if (!used || !list.items)
		return false;
	for (size_t i = 0; i < bundle->quote_count; i++) {
		note_used(used, &bundle->quotes[i].speakers);
		note_used(used, &bundle->quotes[i].addressees);
		note_used(used, &bundle->quotes[i].about);
	}
	for (size_t i = 0; i < bundle->mention_count; i++)
		note_used(used, &bundle->mentions[i].agents);
	for (size_t i = 0; i < bundle->agent_count; i++) {
		if (bundle->agents[i].declared || used[i])
			list.items[list.count++] = i;
	}
	*ret_agents = list;
	return true;
}

/*
 * What is hashed: every string with its NUL, every number as eight bytes, every list behind its length, so that no
 * two different bundles give the same bytes. The digest never leaves the machine that made it, but for the sake of
 * files that move between machines the bytes are little-endian on all of them.
 */
static void digest_number(struct buffer *bytes, uint64_t number)
{
	char eight[8];
	for (int i = 0; i < 8; i++)
		eight[i] = (char)(number >> (8 * i) & 0xff);
	buffer_append(bytes, eight, sizeof(eight));
}

static void digest_real(struct buffer *bytes, double real)
{
	uint64_t bits;
	memcpy(&bits, &real, sizeof(bits));
	digest_number(bytes, bits);
}

static void digest_string(struct buffer *bytes, const char *string)
{
	/* No string has the byte 0xff: NULL differs from "" and all others. */
	const char *given = string ? string : "\xff";
	buffer_append(bytes, given, strlen(given) + 1);
}

static void digest_agents(struct buffer *bytes, const struct bundle *bundle, const struct index_list *agents)
{
	digest_number(bytes, agents->count);
	for (size_t i = 0; i < agents->count; i++)
		digest_string(bytes, bundle->agents[agents->items[i]].slug);
}

static void digest_work(struct buffer *bytes, const struct bundle *bundle, size_t work)
{
	digest_string(bytes, work == BUNDLE_NONE ? NULL : bundle->works[work].slug);
}

static void digest_span(struct buffer *bytes, const struct span *span)
{
	digest_number(bytes, (uint64_t)span->start << 32 | span->end);
}

static void digest_quote(struct buffer *bytes, const struct bundle *bundle, const struct bundle_quote *quote)
{
	digest_string(bytes, quote->id);
	digest_number(bytes, (uint64_t)quote->form << 16 | (uint64_t)quote->attribution << 8 | quote->spoiler);
	digest_work(bytes, bundle, quote->work);
	digest_agents(bytes, bundle, &quote->speakers);
	digest_agents(bytes, bundle, &quote->addressees);
	digest_agents(bytes, bundle, &quote->about);
	digest_number(bytes, quote->span_count);
	for (size_t i = 0; i < quote->span_count; i++)
		digest_span(bytes, &quote->spans[i]);
}

static void digest_head(struct buffer *bytes, const struct bundle *bundle, const struct index_list *agents)
{
	const char *const strings[] = { bundle->slug, bundle->title, bundle->language, bundle->reviewer,
		bundle->published, bundle->source, bundle->licence, bundle->text_sha256 };
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		digest_string(bytes, strings[i]);
	digest_number(bytes, bundle->rating.given);
	if (bundle->rating.given) {
		digest_real(bytes, bundle->rating.value);
		digest_real(bytes, bundle->rating.best);
		digest_real(bytes, bundle->rating.worst);
	}
	digest_work(bytes, bundle, bundle->work);
	digest_number(bytes, bundle->work_count);
	for (size_t i = 0; i < bundle->work_count; i++)
		digest_string(bytes, bundle->works[i].slug);
	digest_agents(bytes, bundle, agents);
}

bool review_digest(const struct bundle *bundle, const struct index_list *agents, char ret_digest[SHA256_HEX_LENGTH + 1])
{
	struct buffer bytes = { 0 };
	digest_head(&bytes, bundle, agents);
	digest_number(&bytes, bundle->quote_count);
	for (size_t i = 0; i < bundle->quote_count; i++)
		digest_quote(&bytes, bundle, &bundle->quotes[i]);
	digest_number(&bytes, bundle->mention_count);
	for (size_t i = 0; i < bundle->mention_count; i++) {
		digest_span(&bytes, &bundle->mentions[i].span);
		digest_work(&bytes, bundle, bundle->mentions[i].work);
		digest_agents(&bytes, bundle, &bundle->mentions[i].agents);
	}
	bool ok = !bytes.failed && sha256_hex(bytes.data, bytes.length, ret_digest);
	buffer_deinit(&bytes);
	return ok;
}

bool bundle_digest(struct bundle *bundle, struct arena *arena)
{
	return review_agents(bundle, arena, &bundle->review_agents) &&
	       review_digest(bundle, &bundle->review_agents, bundle->digest);
}
