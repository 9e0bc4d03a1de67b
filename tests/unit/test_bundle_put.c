// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "db/agents.h"
#include "db/bundle_get.h"
#include "db/quotes.h"
#include "db/reviews.h"
#include "db/store.h"
#include "db/works.h"
#include "schema_seed.h"
#include "server/json/bundle_write.h"
#include "tests/support/store_fixture.h"

static const char *written(struct store_fixture *fixture, const struct bundle *bundle)
{
	struct buffer buffer = { 0 };
	struct out out;
	out_init(&out, &buffer, false);
	bundle_write(&out, bundle);
	const char *json = arena_strdup(&fixture->arena, buffer.data);
	buffer_deinit(&buffer);
	assert_non_null(json);
	return json;
}

static struct store_info info_of(struct store_fixture *fixture)
{
	struct store_info info;
	assert_int_equal(store_get(fixture->reader, &fixture->arena, &info), DB_OK);
	return info;
}

static struct review review_of(struct store_fixture *fixture, const char *slug)
{
	struct review review;
	assert_int_equal(review_get(fixture->reader, slug, &fixture->arena, &review), DB_OK);
	return review;
}

static struct agent agent_of(struct store_fixture *fixture, const char *slug)
{
	struct agent agent;
	assert_int_equal(agent_get(fixture->reader, slug, &fixture->arena, &agent), DB_OK);
	return agent;
}

static struct work work_of(struct store_fixture *fixture, const char *slug)
{
	struct work work;
	assert_int_equal(work_get(fixture->reader, slug, &fixture->arena, &work), DB_OK);
	return work;
}

static void expect_strings(const struct string_list *list, const char *const *expected, size_t count)
{
	assert_int_equal(list->count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(list->items[i], expected[i]);
}

static void expect_same_string(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_ptr_equal(a, b);
}

static void expect_same_review(const struct review *a, const struct review *b)
{
	assert_int_equal(a->review_id, b->review_id);
	expect_same_string(a->slug, b->slug);
	expect_same_string(a->title, b->title);
	expect_same_string(a->language, b->language);
	expect_same_string(a->reviewer, b->reviewer);
	expect_same_string(a->published, b->published);
	expect_same_string(a->source, b->source);
	expect_same_string(a->licence, b->licence);
	assert_int_equal(a->rating.given, b->rating.given);
	assert_memory_equal(&a->rating, &b->rating, offsetof(struct bundle_rating, given));
	assert_int_equal(a->work.work_id, b->work.work_id);
	expect_same_string(a->work.slug, b->work.slug);
	expect_same_string(a->work.title, b->work.title);
	expect_same_string(a->text_sha256, b->text_sha256);
	assert_int_equal(a->text_bytes, b->text_bytes);
	assert_int_equal(a->text_codepoints, b->text_codepoints);
	expect_same_string(a->digest, b->digest);
	assert_int_equal(a->revision, b->revision);
	expect_same_string(a->updated_at, b->updated_at);
}

static void expect_put(struct store_fixture *fixture, const char *json, enum put_outcome outcome, int64_t revision)
{
	struct bundle bundle = store_fixture_bundle(fixture, json);
	struct bundle_put_result result = store_fixture_put_bundle(fixture, &bundle);
	struct review stored = review_of(fixture, bundle.slug);
	expect_same_review(&result.review, &stored);
	assert_int_equal(result.outcome, outcome);
	assert_int_equal(result.revision, revision);
	assert_int_equal(info_of(fixture).revision, revision);
	store_fixture_prove(fixture);
}

static void expect_invalid(struct store_fixture *fixture, const char *json, const char *pointer)
{
	struct bundle_put_result result = { 0 };
	struct bundle bundle = store_fixture_bundle(fixture, json);
	struct store_info before = info_of(fixture);
	assert_int_equal(db_begin_write(fixture->writer), DB_OK);
	assert_int_equal(bundle_put(fixture->writer, &bundle, &fixture->arena, &result), DB_INVALID);
	db_rollback(fixture->writer);
	assert_string_equal(result.pointer, pointer);
	assert_non_null(strstr(result.reason, "so it needs a name"));
	assert_int_equal(info_of(fixture).revision, before.revision);
	store_fixture_prove(fixture);
}

static void expect_same_spans(const struct span *a, const struct span *b)
{
	assert_int_equal(a->start, b->start);
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->byte_start, b->byte_start);
	assert_int_equal(a->byte_end, b->byte_end);
}

/* What comes out is what went in, bytes of the text and of the places included. */
static void expect_round_trip(struct store_fixture *fixture, const struct bundle *given)
{
	struct bundle got;
	const char *expected = written(fixture, given);
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	assert_int_equal(bundle_get(fixture->reader, given->slug, &fixture->arena, &got), DB_OK);
	db_end_read(fixture->reader);
	assert_string_equal(written(fixture, &got), expected);
	assert_int_equal(got.text_bytes, given->text_bytes);
	assert_int_equal(got.text_codepoints, given->text_codepoints);
	assert_memory_equal(got.text, given->text, given->text_bytes + 1);
	assert_string_equal(got.text_sha256, given->text_sha256);
	for (size_t i = 0; i < given->quote_count; i++) {
		for (size_t s = 0; s < given->quotes[i].span_count; s++)
			expect_same_spans(&got.quotes[i].spans[s], &given->quotes[i].spans[s]);
	}
	for (size_t i = 0; i < given->mention_count; i++)
		expect_same_spans(&got.mentions[i].span, &given->mentions[i].span);
}

static void test_bundle_get_gives_back_what_bundle_put_took(void **state)
{
	struct store_fixture *fixture = *state;
	struct bundle bundle = store_fixture_bundle(fixture, library[0]);
	assert_int_equal(store_fixture_put_bundle(fixture, &bundle).outcome, PUT_ADDED);
	expect_round_trip(fixture, &bundle);
	struct store_info info = info_of(fixture);
	assert_int_equal(info.revision, 1);
	assert_int_equal(info.quotes, bundle.quote_count);
	assert_int_equal(info.mentions, bundle.mention_count);
	store_fixture_prove(fixture);
}

static void test_bundle_get_gives_the_seed_back(void **state)
{
	struct store_fixture *fixture = *state;
	const char *seed = arena_strndup(&fixture->arena, (const char *)seed_bundle, seed_bundle_length);
	struct bundle bundle = store_fixture_bundle(fixture, seed);
	store_fixture_put_bundle(fixture, &bundle);
	expect_round_trip(fixture, &bundle);
}

static void test_bundle_get_of_the_least_there_can_be(void **state)
{
	struct store_fixture *fixture = *state;
	struct bundle bundle = store_fixture_bundle(fixture, library[2]), got;
	store_fixture_put_bundle(fixture, &bundle);
	expect_round_trip(fixture, &bundle);
	assert_int_equal(bundle_get(fixture->reader, "not-there", &fixture->arena, &got), DB_NOT_FOUND);
}

/* More agents and works than fit into the first index of either, all used in the end. */
static void test_bundle_get_of_many_agents_and_works(void **state)
{
	struct store_fixture *fixture = *state;
	enum { MANY = 300 };
	char *json = arena_alloc(&fixture->arena, MANY * 256), *end = json;
	end = stpcpy(end, "{\"id\":\"many\",\"text\":\"x\",\"mentions\":[],\"agents\":[");
	for (int i = 0; i < MANY; i++)
		end += snprintf(end, 128, "%s{\"id\":\"a%d\",\"name\":\"A %d\"}", i ? "," : "", i, i);
	end = stpcpy(end, "],\"works\":[");
	for (int i = 0; i < MANY; i++)
		end += snprintf(end, 128, "%s{\"id\":\"w%d\"}", i ? "," : "", i);
	end = stpcpy(end, "],\"quotes\":[");
	for (int i = MANY; i--;)
		end += snprintf(end, 128,
			"{\"spans\":[[0,1]],\"speakers\":[\"a%d\"],\"about\":[\"a%d\"],\"work\":\"w%d\"}%s", i,
			MANY - 1 - i, i, i ? "," : "");
	stpcpy(end, "]}");
	struct bundle bundle = store_fixture_bundle(fixture, json);
	store_fixture_put_bundle(fixture, &bundle);
	expect_round_trip(fixture, &bundle);
}

/* Whom a review does not know it cannot give back: that is damage, and told. */
static void test_bundle_get_of_a_damaged_review(void **state)
{
	static const char *const damages[] = { "DELETE FROM review_agent WHERE agent_id = 2",
		"DELETE FROM review_further_work", "DELETE FROM quote WHERE quote_id = 1048579",
		"DELETE FROM mention WHERE mention_id = 1048577",
		"UPDATE mention SET agents = '99' WHERE mention_id = 1048577",
		"UPDATE mention SET agents = agents || ' ' WHERE mention_id = 1048577",
		"UPDATE mention SET span = '1 2 3' WHERE mention_id = 1048577" };
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		void *own;
		struct bundle bundle;
		store_fixture_library(&own);
		struct store_fixture *fixture = own;
		store_fixture_damage(fixture, damages[i]);
		assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
		store_fixture_log();
		assert_int_equal(bundle_get(fixture->reader, "moonraker-nl", &fixture->arena, &bundle), DB_CORRUPT);
		store_fixture_unlog();
		assert_non_null(strstr(logged, "review moonraker-nl refers to what does not belong to it"));
		db_end_read(fixture->reader);
		store_fixture_remove(&own);
	}
}

static void test_bundle_next_walks_in_the_order_of_the_ids(void **state)
{
	struct store_fixture *fixture = *state;
	static const char *const slugs[LIBRARY_REVIEWS] = { "goldfinger-en", "moonraker-nl", "note" };
	const char *slug = "";
	for (size_t i = 0; i < LIBRARY_REVIEWS; i++)
		store_fixture_put(fixture, library[i]);
	for (size_t i = 0; i < LIBRARY_REVIEWS; i++) {
		assert_int_equal(bundle_next(fixture->reader, slug, &fixture->arena, &slug), DB_OK);
		assert_string_equal(slug, slugs[i]);
	}
	assert_int_equal(bundle_next(fixture->reader, slug, &fixture->arena, &slug), DB_NOT_FOUND);
}

static void test_bundle_put_of_the_same_changes_nothing(void **state)
{
	struct store_fixture *fixture = *state;
	for (size_t i = 0; i < LIBRARY_REVIEWS; i++)
		expect_put(fixture, library[i], PUT_ADDED, (int64_t)i + 1);
	struct review before = review_of(fixture, "moonraker-nl");
	for (size_t i = 0; i < LIBRARY_REVIEWS; i++)
		expect_put(fixture, library[i], PUT_UNCHANGED, LIBRARY_REVIEWS);
	struct review after = review_of(fixture, "moonraker-nl");
	assert_int_equal(after.revision, before.revision);
	assert_string_equal(after.updated_at, before.updated_at);
	assert_string_equal(after.digest, before.digest);
}

static void test_bundle_put_of_an_export_changes_nothing(void **state)
{
	struct store_fixture *fixture = *state;
	static const char *const slugs[] = { "moonraker-nl", "goldfinger-en", "note", "w" };
	for (size_t i = 0; i < LIBRARY_REVIEWS; i++)
		store_fixture_put(fixture, library[i]);
	/* Somebody who speaks here is known only as a contributor. */
	store_fixture_put(fixture,
		"{\"id\":\"w\",\"text\":\"a b\",\"work\":{\"id\":\"w\",\"contributors\":["
		"{\"role\":\"author\",\"id\":\"x\",\"name\":\"X\"},{\"role\":\"author\",\"id\":\"y\",\"name\":\"Y\"}]},"
		"\"agents\":[{\"id\":\"z\",\"name\":\"Z\"}],\"quotes\":[{\"exact\":\"a\",\"speakers\":[\"y\",\"z\"]}]"
		"}");
	for (size_t i = 0; i < sizeof(slugs) / sizeof(slugs[0]); i++)
		expect_put(fixture, store_fixture_export(fixture, slugs[i]), PUT_UNCHANGED, LIBRARY_REVIEWS + 1);
}

/* One thing changed at a time; each is a change of the review and of the store, once. */
static const struct change {
	const char *from, *to; /* in the first review of the library */
} changes[] = {
	{ "\"title\":\"Bond speelt bridge\"", "\"title\":\"Bond speelt whist\"" },
	{ "\"title\":\"Bond speelt bridge\"", "\"title\":null" },
	{ "\"language\":\"nl-BE\"", "\"language\":\"nl\"" },
	{ "\"reviewer\":\"J. de Vries\"", "\"reviewer\":\"J. De Vries\"" },
	{ "\"published\":\"1956-21\"", "\"published\":\"1956-22\"" },
	{ "\"value\":4.5", "\"value\":4" },
	{ "\"best\":10", "\"best\":9.5" },
	{ "\"worst\":0", "\"worst\":1" },
	{ "\"rating\":{\"value\":4.5,\"best\":10,\"worst\":0}", "\"rating\":null" },
	{ "\"source\":\"https://example.org/1\"", "\"source\":\"https://example.org/2\"" },
	{ "\"licence\":\"CC0-1.0\"", "\"licence\":\"CC-BY-4.0\"" },
	{ "te veel, zei", "te veel, ach" }, /* the text alone */
	{ "\"id\":\"kaart\"", "\"id\":\"karte\"" },
	{ "\"form\":\"direct\"", "\"form\":\"indirect\"" },
	{ "\"attribution\":\"disputed\"", "\"attribution\":\"inferred\"" },
	{ "\"spoiler\":true", "\"spoiler\":false" },
	{ "\"work\":null", "\"work\":\"moonraker\"" },
	{ "\"speakers\":[\"ian-fleming\",\"m\"]", "\"speakers\":[\"m\",\"ian-fleming\"]" },
	{ "\"speakers\":[\"ian-fleming\",\"m\"]", "\"speakers\":[\"m\"]" },
	{ "\"addressees\":[\"m\"]", "\"addressees\":[]" },
	{ "\"about\":[\"m\",\"smersh\"]", "\"about\":[\"smersh\"]" },
	{ "\"exact\":\"Kraait hij?\"", "\"exact\":\"Kraait hij\"" },
	{ "{\"exact\":\"Bond\",\"of\":[\"james-bond\"]}", "{\"exact\":\"Bond\",\"of\":[\"m\"]}" },
	{ "{\"exact\":\"Bond\",\"of\"", "{\"exact\":\"zei Bond\",\"of\"" },
	{ "\"exact\":\"Fleming schrijft\",\"of\":[\"moonraker\"]",
		"\"exact\":\"Fleming schrijft\",\"of\":[\"moonraker-film\"]" },
	{ ",{\"exact\":\"SMERSH\",\"of\":[\"smersh\"]}]", "]" },
	{ "{\"id\":\"smersh\",\"kind\":\"organisation\",\"name\":\"SMERSH\"}]",
		"{\"id\":\"smersh\",\"kind\":\"organisation\",\"name\":\"SMERSH\"},{\"id\":\"m2\",\"name\":\"M\"}]" },
};

static const char *change_json(struct store_fixture *fixture, const char *json, const struct change *change)
{
	const char *at = strstr(json, change->from);
	if (!at)
		fail_msg("'%s' does not stand in the bundle", change->from);
	return arena_printf(&fixture->arena, "%.*s%s%s", (int)(at - json), json, change->to, at + strlen(change->from));
}

static void test_bundle_put_notes_every_change(void **state)
{
	struct store_fixture *fixture = *state;
	int64_t revision = 1;
	store_fixture_put(fixture, library[0]);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const char *json = change_json(fixture, library[0], &changes[i]);
		struct bundle bundle = store_fixture_bundle(fixture, json);
		int64_t id = review_of(fixture, "moonraker-nl").review_id;
		expect_put(fixture, json, PUT_CHANGED, revision + 1);
		expect_round_trip(fixture, &bundle);
		expect_put(fixture, json, PUT_UNCHANGED, revision + 1);
		expect_put(fixture, library[0], PUT_CHANGED, revision + 2);
		revision += 2;
		assert_int_equal(review_of(fixture, "moonraker-nl").revision, revision);
		assert_int_equal(review_of(fixture, "moonraker-nl").review_id, id);
	}
	assert_int_equal(info_of(fixture).reviews, 1);
}

static void test_bundle_put_counts_what_a_replacement_leaves(void **state)
{
	struct store_fixture *fixture = *state;
	for (size_t i = 0; i < LIBRARY_REVIEWS; i++)
		store_fixture_put(fixture, library[i]);
	struct store_info info = info_of(fixture);
	assert_int_equal(info.reviews, 3);
	assert_int_equal(info.works, 3);
	assert_int_equal(info.agents[AGENT_CHARACTER], 2);
	assert_int_equal(info.agents[AGENT_PERSON], 4);
	assert_int_equal(info.agents[AGENT_ORGANISATION], 1);
	assert_int_equal(info.quotes, 6);
	assert_int_equal(info.mentions, 5);
	/* Agents and works stay: other reviews may speak of them. */
	expect_put(fixture, "{\"id\":\"moonraker-nl\",\"text\":\"y\",\"quotes\":[{\"exact\":\"y\"}]}", PUT_CHANGED, 4);
	info = info_of(fixture);
	assert_int_equal(info.reviews, 3);
	assert_int_equal(info.works, 3);
	assert_int_equal(info.agents[AGENT_CHARACTER], 2);
	assert_int_equal(info.quotes, 3);
	assert_int_equal(info.mentions, 1);
	expect_put(fixture, library[0], PUT_CHANGED, 5);
	info = info_of(fixture);
	assert_int_equal(info.quotes, 6);
	assert_int_equal(info.mentions, 5);
}

#define AGENT(fields) "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"kerim\"" fields "}]}"

static void test_an_agent_of_two_bundles_is_one(void **state)
{
	struct store_fixture *fixture = *state;
	store_fixture_put(fixture, library[0]);
	store_fixture_put(fixture, library[1]);
	struct agent bond = agent_of(fixture, "james-bond");
	expect_strings(&bond.aliases, (const char *[]) { "Bond", "007", "Mr Bond" }, 3);
	assert_string_equal(bond.description, "He drives.");
	expect_strings(&bond.same_as, (const char *[]) { "https://example.org/bond", "https://example.org/007" }, 2);
}

static void test_what_a_bundle_gives_of_an_agent_replaces(void **state)
{
	struct store_fixture *fixture = *state;
	expect_put(fixture,
		AGENT(",\"name\":\"Kerim\",\"aliases\":[\"K\"],\"description\":\"d\",\"same_as\":[\"http://a\"]"),
		PUT_ADDED, 1);
	/* The review says nothing new of itself; the store has news all the same. */
	expect_put(fixture, AGENT(",\"name\":\"Kerim Bey\""), PUT_UNCHANGED, 2);
	expect_put(fixture, AGENT(",\"aliases\":[\"K\",\"Darko\",\"Kerim Bey\"]"), PUT_UNCHANGED, 3);
	expect_put(fixture, AGENT(",\"kind\":\"person\""), PUT_UNCHANGED, 4);
	struct agent kerim = agent_of(fixture, "kerim");
	assert_string_equal(kerim.ref.name, "Kerim Bey");
	assert_int_equal(kerim.ref.kind, AGENT_PERSON);
	assert_string_equal(kerim.description, "d");
	expect_strings(&kerim.aliases, (const char *[]) { "K", "Darko" }, 2);
	expect_strings(&kerim.same_as, (const char *[]) { "http://a" }, 1);
	struct store_info info = info_of(fixture);
	assert_int_equal(info.agents[AGENT_CHARACTER], 0);
	assert_int_equal(info.agents[AGENT_PERSON], 1);

	/* What is null is not given; an empty list is. */
	expect_put(fixture, AGENT(",\"description\":null,\"same_as\":null"), PUT_UNCHANGED, 4);
	expect_put(fixture, AGENT(",\"same_as\":[]"), PUT_UNCHANGED, 5);
	kerim = agent_of(fixture, "kerim");
	assert_string_equal(kerim.description, "d");
	assert_int_equal(kerim.same_as.count, 0);
	expect_put(fixture, AGENT(",\"same_as\":[]"), PUT_UNCHANGED, 5);
	expect_put(fixture, AGENT(""), PUT_UNCHANGED, 5);
}

#define WORK(fields) "{\"id\":\"r\",\"text\":\"x\",\"work\":{\"id\":\"w\"" fields "}}"
#define AUTHORS ",\"contributors\":[{\"role\":\"author\",\"id\":\"a\",\"name\":\"A\"}]"

static void test_what_a_bundle_gives_of_a_work_replaces(void **state)
{
	struct store_fixture *fixture = *state;
	expect_put(fixture,
		WORK(",\"title\":\"W\",\"kind\":\"novel\",\"language\":\"nl\",\"published\":\"1957\","
		     "\"description\":\"d\",\"same_as\":[\"http://w\"],\"relations\":[{\"kind\":\"part_of\",\"to\":"
		     "\"s\"}]" AUTHORS),
		PUT_ADDED, 1);
	expect_put(fixture, WORK(""), PUT_UNCHANGED, 1);
	expect_put(fixture, WORK(AUTHORS), PUT_UNCHANGED, 1);
	expect_put(fixture, WORK(",\"title\":\"V\""), PUT_UNCHANGED, 2);
	expect_put(fixture, WORK(",\"kind\":\"play\""), PUT_UNCHANGED, 3);
	expect_put(fixture, WORK(",\"language\":\"en\""), PUT_UNCHANGED, 4);
	expect_put(fixture, WORK(",\"language\":null,\"kind\":null,\"relations\":null"), PUT_UNCHANGED, 4);
	expect_put(fixture, WORK(",\"published\":\"195X\""), PUT_UNCHANGED, 5);
	expect_put(fixture, WORK(",\"description\":\"e\""), PUT_UNCHANGED, 6);
	expect_put(fixture, WORK(",\"same_as\":[\"http://w\",\"http://v\"]"), PUT_UNCHANGED, 7);
	struct work work = work_of(fixture, "w");
	assert_string_equal(work.ref.title, "V");
	assert_string_equal(work.kind, "play");
	assert_string_equal(work.language, "en");
	assert_string_equal(work.published, "195X");
	assert_string_equal(work.description, "e");
	assert_int_equal(work.contributor_count, 1);
	assert_string_equal(work.contributors[0].agent.name, "A");
	assert_int_equal(work.relation_count, 1);
	expect_strings(&work.same_as, (const char *[]) { "http://w", "http://v" }, 2);
	assert_int_equal(info_of(fixture).works, 1);
}

static void test_contributors_and_relations_are_replaced_as_lists(void **state)
{
	struct store_fixture *fixture = *state;
	expect_put(fixture, WORK(AUTHORS ",\"relations\":[{\"kind\":\"part_of\",\"to\":\"s\"}]"), PUT_ADDED, 1);
	expect_put(fixture,
		"{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"c\",\"name\":\"C\"}],\"work\":{\"id\":\"w\","
		"\"contributors\":["
		"{\"role\":\"actor\",\"id\":\"b\",\"name\":\"B\",\"character\":\"c\"},{\"role\":\"author\",\"id\":"
		"\"a\"}],"
		"\"relations\":[{\"kind\":\"part_of\",\"to\":\"s\"},{\"kind\":\"adaptation_of\",\"to\":\"t\"}]}}",
		PUT_CHANGED, 2);
	struct work work = work_of(fixture, "w");
	assert_int_equal(work.contributor_count, 2);
	assert_string_equal(work.contributors[0].agent.slug, "b");
	assert_string_equal(work.contributors[0].character.slug, "c");
	assert_string_equal(work.contributors[1].agent.slug, "a");
	assert_int_equal(work.contributors[1].character.agent_id, 0);
	assert_int_equal(work.relation_count, 2);
	assert_string_equal(work.relations[1].kind, "adaptation_of");

	/* The same people in other roles, or playing another; another kind of relation; none at all. */
	expect_put(fixture, WORK(",\"contributors\":[{\"role\":\"editor\",\"id\":\"a\"}]"), PUT_CHANGED, 3);
	expect_put(fixture, WORK(",\"contributors\":[{\"role\":\"author\",\"id\":\"a\"}]"), PUT_UNCHANGED, 4);
	expect_put(fixture, WORK(",\"relations\":[{\"kind\":\"part_of\",\"to\":\"t\"}]"), PUT_UNCHANGED, 5);
	expect_put(fixture, WORK(",\"relations\":[{\"kind\":\"sequel_of\",\"to\":\"t\"}]"), PUT_UNCHANGED, 6);
	expect_put(fixture, WORK(",\"relations\":[],\"contributors\":[]"), PUT_UNCHANGED, 7);
	work = work_of(fixture, "w");
	assert_int_equal(work.contributor_count, 0);
	assert_int_equal(work.relation_count, 0);
}

static void test_whom_the_store_does_not_know_needs_a_name(void **state)
{
	struct store_fixture *fixture = *state;
	expect_invalid(fixture, AGENT(""), "/agents/0/name");
	expect_invalid(
		fixture, WORK(",\"contributors\":[{\"role\":\"author\",\"id\":\"a\"}]"), "/work/contributors/0/name");
	expect_invalid(fixture,
		"{\"id\":\"r\",\"text\":\"x\",\"work\":\"W\",\"works\":[{\"id\":\"v\"},{\"id\":\"u\",\"contributors\":["
		"{\"role\":\"author\",\"name\":\"A\"},{\"role\":\"author\",\"id\":\"b\"}]}]}",
		"/works/1/contributors/1/name");
	expect_invalid(fixture,
		"{\"id\":\"r\",\"text\":\"x\",\"works\":[{\"id\":\"u\",\"contributors\":[{\"role\":\"author\",\"id\":"
		"\"b\"}]}]}",
		"/works/0/contributors/0/name");
	store_fixture_put(fixture, AGENT(",\"name\":\"Kerim\""));
	expect_put(fixture, AGENT(""), PUT_UNCHANGED, 1);
}

/* Numbers say where a quote stands: in the review that came as the third one, as its second quote. */
static void test_quotes_keep_their_numbers(void **state)
{
	struct store_fixture *fixture = *state;
	struct quote_filter filter = { 0 };
	struct quote_page page;
	store_fixture_put(fixture, library[2]);
	store_fixture_put(fixture, library[1]);
	store_fixture_put(fixture, library[0]);
	store_fixture_put(fixture, change_json(fixture, library[0], &changes[0]));
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	const struct quote_sort sort = { .order = QUOTE_ADDED };
	assert_int_equal(
		quote_list(fixture->reader, &filter, &sort, NULL, 10, QUOTE_WORDS_AROUND, &fixture->arena, &page),
		DB_OK);
	db_end_read(fixture->reader);
	assert_int_equal(page.count, 6);
	assert_int_equal(page.items[0].quote_id, 2 * ITEMS_PER_REVIEW);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(page.items[2 + i].quote_id, 3 * ITEMS_PER_REVIEW + (int64_t)i);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_fixture_empty, store_fixture_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(test_bundle_get_gives_back_what_bundle_put_took),
		WITH_STORE(test_bundle_get_gives_the_seed_back),
		WITH_STORE(test_bundle_get_of_the_least_there_can_be),
		WITH_STORE(test_bundle_get_of_many_agents_and_works),
		cmocka_unit_test(test_bundle_get_of_a_damaged_review),
		WITH_STORE(test_bundle_next_walks_in_the_order_of_the_ids),
		WITH_STORE(test_bundle_put_of_the_same_changes_nothing),
		WITH_STORE(test_bundle_put_of_an_export_changes_nothing),
		WITH_STORE(test_bundle_put_notes_every_change),
		WITH_STORE(test_bundle_put_counts_what_a_replacement_leaves),
		WITH_STORE(test_an_agent_of_two_bundles_is_one),
		WITH_STORE(test_what_a_bundle_gives_of_an_agent_replaces),
		WITH_STORE(test_what_a_bundle_gives_of_a_work_replaces),
		WITH_STORE(test_contributors_and_relations_are_replaced_as_lists),
		WITH_STORE(test_whom_the_store_does_not_know_needs_a_name),
		WITH_STORE(test_quotes_keep_their_numbers),
	};
	return cmocka_run_group_tests_name("bundle_put", tests, NULL, NULL);
}
