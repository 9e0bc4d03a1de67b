// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "schema_seed.h"
#include "server/json/bundle_read.h"
#include "server/json/bundle_write.h"
#include "server/json/json_guard.h"

#define TEXT "\"text\":\"Één dag zag Bond Klebbs mes. Bond zag Kerim Bey.\""
#define AGENTS "\"agents\":[{\"id\":\"bond\",\"name\":\"Bond\"},\"Klebb\",{\"id\":\"kerim\",\"name\":\"Kerim Bey\"}]"

static int set_up(void **state)
{
	static struct arena arena;
	*state = &arena;
	return 0;
}

static int tear_down(void **state)
{
	arena_deinit(*state);
	return 0;
}

static enum bundle_read_status read_from_heap(const char *json, size_t length, struct arena *arena,
	struct bundle *ret_bundle, struct bundle_problems *ret_problems)
{
	/* A copy of exactly this size, freed before anybody looks at the bundle: a sanitizer sees what goes astray. */
	char *copy = malloc(length ? length : 1);
	assert_non_null(copy);
	memcpy(copy, json, length);
	enum bundle_read_status status = bundle_read(copy, length, arena, ret_bundle, ret_problems);
	free(copy);
	return status;
}

static struct bundle read_good_n(struct arena *arena, const char *json, size_t length)
{
	struct bundle bundle = { 0 };
	struct bundle_problems problems = { 0 };
	enum bundle_read_status status = read_from_heap(json, length, arena, &bundle, &problems);
	for (size_t i = 0; i < problems.count; i++)
		print_error("%s: %s\n", problems.items[i].pointer, problems.items[i].reason);
	assert_int_equal(status, BUNDLE_READ_OK);
	return bundle;
}

static struct bundle read_good(struct arena *arena, const char *json)
{
	return read_good_n(arena, json, strlen(json));
}

static struct bundle_problems read_bad(struct arena *arena, const char *json, size_t length)
{
	struct bundle bundle = { .slug = "untouched" };
	struct bundle_problems problems = { 0 };
	enum bundle_read_status status = read_from_heap(json, length, arena, &bundle, &problems);
	assert_true(status == BUNDLE_READ_INVALID || status == BUNDLE_READ_NOT_JSON);
	bool is_json = strncmp(problems.items[0].reason, "not JSON", 8) != 0;
	assert_true(is_json || status == BUNDLE_READ_NOT_JSON);
	assert_string_equal(bundle.slug, "untouched");
	assert_true(problems.count > 0);
	return problems;
}

static char *write_bundle(const struct bundle *bundle)
{
	struct buffer buffer = { 0 };
	struct out out;
	out_init(&out, &buffer, false);
	bundle_write(&out, bundle);
	char *json = buffer_take(&buffer, NULL);
	assert_non_null(json);
	return json;
}

static void expect_same_after_writing(struct arena *arena, const struct bundle *bundle)
{
	char *first = write_bundle(bundle);
	struct bundle again = read_good(arena, first);
	char *second = write_bundle(&again);
	assert_string_equal(first, second);
	assert_string_equal(bundle->text_sha256, again.text_sha256);
	free(first);
	free(second);
}

static void test_the_seed_reads_without_a_problem_and_comes_back_equal(void **state)
{
	struct bundle bundle = read_good_n(*state, (const char *)seed_bundle, seed_bundle_length);
	assert_string_equal(bundle.slug, "from-russia-with-love-nl");
	assert_int_equal(bundle.text_codepoints, 3333);
	assert_int_equal(bundle.work, 0);
	assert_string_equal(bundle.agents[bundle.quotes[0].speakers.items[0]].slug, "darko-kerim-bey");
	assert_int_equal(bundle.quotes[0].spans[0].start, 2658);
	expect_same_after_writing(*state, &bundle);
}

static void test_what_is_left_out_has_its_default(void **state)
{
	struct bundle bundle =
		read_good(*state, "{\"id\":\"r\"," TEXT "," AGENTS
				  ",\"work\":\"Casino Royale\",\"title\":null,\"rating\":{\"value\":4.5},\"quotes\":["
				  "{\"exact\":\"mes\"},{\"spans\":[[0,3]],\"form\":\"pull\",\"work\":null},"
				  "{\"spans\":[[0,3]],\"speakers\":[\"bond\"],\"spoiler\":true}],\"mentions\":[]}");
	assert_null(bundle.title);
	assert_true(bundle.rating.given);
	assert_true(bundle.rating.best == 5 && bundle.rating.worst == 1);
	assert_string_equal(bundle.works[0].slug, "casino-royale");
	assert_string_equal(bundle.works[0].title, "Casino Royale");
	assert_false(bundle.works[0].contributors_given);
	assert_string_equal(bundle.agents[1].slug, "klebb");
	assert_int_equal(bundle.agents[1].kind, AGENT_CHARACTER);
	assert_true(bundle.agents[1].kind_given);
	assert_false(bundle.agents[0].kind_given);
	assert_string_equal(bundle.quotes[0].id, "1");
	assert_int_equal(bundle.quotes[0].form, FORM_DIRECT);
	assert_int_equal(bundle.quotes[0].attribution, ATTRIBUTION_UNKNOWN);
	assert_int_equal(bundle.quotes[0].work, 0);
	assert_int_equal(bundle.quotes[1].attribution, ATTRIBUTION_STATED);
	assert_true(bundle.quotes[1].work == BUNDLE_NONE);
	assert_int_equal(bundle.quotes[1].spans[0].byte_end, 5);
	assert_int_equal(bundle.quotes[2].attribution, ATTRIBUTION_STATED);
	assert_true(bundle.quotes[2].spoiler);
	assert_int_equal(bundle.mention_count, 0);
	assert_string_equal(
		read_good(*state, "{\"id\":\"r\",\"text\":\"x\",\"language\":\"EN-gb\"}").language, "en-GB");
	expect_same_after_writing(*state, &bundle);
}

static void test_the_export_has_every_field(void **state)
{
	struct bundle bundle = read_good(*state,
		"{\"id\":\"r\",\"text\":\"a\\nb\",\"work\":{\"id\":\"w\",\"contributors\":[{\"role\":\"actor\","
		"\"name\":\"A "
		"B\",\"character\":\"c\"}]},\"agents\":[{\"id\":\"c\"}],\"quotes\":[{\"exact\":\"b\"}],"
		"\"mentions\":[{\"span\":[0,1],\"of\":[\"w\"]}]}");
	char *json = write_bundle(&bundle);
	assert_string_equal(json,
		"{\"id\":\"r\",\"title\":null,\"language\":null,\"reviewer\":null,\"published\":null,\"rating\":null,"
		"\"source\":null,\"licence\":null,\"work\":{\"id\":\"w\",\"kind\":null,\"title\":null,\"language\":"
		"null,"
		"\"published\":null,\"contributors\":[{\"role\":\"actor\",\"id\":\"a-b\",\"name\":\"A B\","
		"\"character\":\"c\"}],\"relations\":[],\"same_as\":[]},\"works\":[],\"agents\":[{\"id\":\"c\","
		"\"kind\":\"character\",\"name\":null,\"aliases\":[]}],\"text\":\"a\\nb\",\"quotes\":[{\"id\":\"1\","
		"\"form\":\"direct\",\"speakers\":[],\"addressees\":[],\"about\":[],\"attribution\":\"unknown\","
		"\"spans\":[[2,3]],\"exact\":[\"b\"],\"work\":\"w\",\"spoiler\":false}],"
		"\"mentions\":[{\"span\":[0,1],\"of\":[\"w\"],\"kind\":\"work\"}]}");
	free(json);
}

static void test_words_are_found_by_what_stands_around_them(void **state)
{
	struct bundle bundle = read_good(*state,
		"{\"id\":\"r\"," TEXT ",\"quotes\":["
		"{\"exact\":\"Bond\",\"suffix\":\" Klebbs\"},{\"exact\":\"Bond\",\"prefix\":\"mes. \"},"
		"{\"exact\":[\"zag\",\"dag\"],\"prefix\":[\"Bond \",null]},"
		"{\"spans\":[[12,16]],\"exact\":\"Bond\",\"prefix\":[\"zag \"],\"suffix\":\" \"}]}");
	assert_int_equal(bundle.quotes[0].spans[0].start, 12);
	assert_int_equal(bundle.quotes[0].spans[0].byte_start, 14);
	assert_int_equal(bundle.quotes[1].spans[0].start, 29);
	assert_int_equal(bundle.quotes[2].span_count, 2);
	assert_int_equal(bundle.quotes[2].spans[0].start, 34);
	assert_int_equal(bundle.quotes[2].spans[1].start, 4);
	assert_int_equal(bundle.quotes[3].spans[0].end, 16);
}

static void test_mentions_left_out_are_found_by_name(void **state)
{
	struct bundle bundle = read_good(*state,
		"{\"id\":\"r\"," TEXT ",\"agents\":[{\"id\":\"bond\",\"name\":\"Bond\"},"
		"{\"id\":\"klebb\",\"name\":\"Klebb\",\"aliases\":[\"Klebb\",\"Bond\",\"Bond\"]}],"
		"\"work\":{\"id\":\"w\",\"contributors\":[{\"role\":\"author\",\"name\":\"Kerim Bey\"}]}}");
	assert_int_equal(bundle.agents[1].aliases.count, 2);
	assert_int_equal(bundle.mention_count, 3);
	assert_int_equal(bundle.mentions[0].span.start, 12);
	assert_int_equal(bundle.mentions[0].agents.count, 2);
	assert_int_equal(bundle.mentions[1].span.end, 23);
	assert_int_equal(bundle.mentions[1].agents.count, 1);
	assert_int_equal(bundle.mentions[1].agents.items[0], 1);
	expect_same_after_writing(*state, &bundle);
}

static void test_one_contributor_in_several_places_is_one_agent(void **state)
{
	struct bundle bundle =
		read_good(*state, "{\"id\":\"r\"," TEXT "," AGENTS
				  ",\"work\":{\"id\":\"w\",\"contributors\":[{\"role\":\"author\",\"id\":\"ian\"},"
				  "{\"role\":\"actor\",\"id\":\"bond\",\"character\":\"kerim\"}]},"
				  "\"works\":[{\"title\":\"V\",\"contributors\":[{\"role\":\"author\",\"id\":\"ian\","
				  "\"name\":\"Ian\"}]}],"
				  "\"quotes\":[{\"exact\":\"mes\",\"speakers\":[\"ian\"],\"work\":\"v\"}]}");
	assert_int_equal(bundle.agent_count, 4);
	assert_false(bundle.agents[3].declared);
	assert_false(bundle.agents[3].kind_given);
	assert_int_equal(bundle.agents[3].kind, AGENT_PERSON);
	assert_string_equal(bundle.agents[3].name, "Ian");
	assert_int_equal(bundle.works[0].contributors[1].agent, 0);
	assert_int_equal(bundle.works[0].contributors[1].character, 2);
	assert_int_equal(bundle.quotes[0].work, 1);
	expect_same_after_writing(*state, &bundle);
}

static void test_a_mention_means_the_agent_unless_it_says_work(void **state)
{
	struct bundle bundle = read_good(*state,
		"{\"id\":\"r\"," TEXT "," AGENTS ",\"work\":{\"id\":\"bond\"},\"mentions\":["
		"{\"span\":[12,16],\"of\":[\"bond\"]},{\"span\":[12,16],\"of\":[\"bond\"],\"kind\":\"work\"},"
		"{\"exact\":\"Klebbs\",\"of\":[\"klebb\",\"bond\"],\"kind\":\"agent\"}]}");
	assert_int_equal(bundle.mentions[0].agents.count, 1);
	assert_true(bundle.mentions[0].work == BUNDLE_NONE);
	assert_int_equal(bundle.mentions[1].agents.count, 0);
	assert_int_equal(bundle.mentions[1].work, 0);
	assert_int_equal(bundle.mentions[2].span.start, 17);
	assert_int_equal(bundle.mentions[2].agents.count, 2);
	expect_same_after_writing(*state, &bundle);
}

struct bad_bundle {
	const char *fields, *pointer, *reason;
};

/* The rest of a document whose id, text and agents are good. */
static const struct bad_bundle bad_bundles[] = {
	{ "\"titel\":\"x\"", "/titel", "unknown field; did you mean \"title\"?" },
	{ "\"a/b~c\":1", "/a~1b~0c", "unknown field" },
	{ "\"title\":\"\"", "/title", "empty string" },
	{ "\"title\":1", "/title", "a string is wanted, this is an integer" },
	{ "\"language\":\"n l\"", "/language", "\"n l\" is no language tag" },
	{ "\"published\":\"04-08-1957\"", "/published", "no date of EDTF" },
	{ "\"rating\":4", "/rating", "an object is wanted" },
	{ "\"rating\":{}", "/rating/value", "required" },
	{ "\"rating\":{\"value\":6}", "/rating/value", "between worst and best" },
	{ "\"rating\":{\"value\":1,\"best\":1}", "/rating", "worst must be less than best" },
	{ "\"rating\":{\"value\":\"4\"}", "/rating/value", "a number is wanted, this is a string" },
	{ "\"rating\":{\"value\":4,\"worst\":true}", "/rating/worst", "this is true or false" },
	{ "\"work\":7", "/work", "an object is wanted" },
	{ "\"work\":{}", "/work", "an id or a title" },
	{ "\"work\":\"\"", "/work", "empty" },
	{ "\"work\":\"!!\"", "/work/id", "no id can be made" },
	{ "\"work\":{\"id\":\"a b\"}", "/work/id", "\"a b\" is no id" },
	{ "\"work\":{\"id\":\"w\",\"kind\":\"Novel\"}", "/work/kind", "lower-case" },
	{ "\"work\":{\"id\":\"w\",\"same_as\":[\"http://x\",\"ftp://x\"]}", "/work/same_as/1", "no http or https URL" },
	{ "\"work\":{\"id\":\"w\",\"same_as\":[\"https:///x\"]}", "/work/same_as/0", "no http or https URL" },
	{ "\"work\":{\"id\":\"w\",\"same_as\":[\"http://x\\ny\"]}", "/work/same_as/0", "no http or https URL" },
	{ "\"work\":{\"id\":\"w\",\"contributors\":[{\"id\":\"x\"}]}", "/work/contributors/0/role", "required" },
	{ "\"work\":{\"id\":\"w\",\"contributors\":[{\"role\":\"author\"}]}", "/work/contributors/0",
		"an id or a name" },
	{ "\"work\":{\"id\":\"w\",\"contributors\":[{\"role\":\"author\",\"id\":\"bond\",\"name\":\"B\"}]}",
		"/work/contributors/0/name", "the agent \"bond\" is named \"Bond\"" },
	{ "\"work\":{\"id\":\"w\",\"contributors\":[{\"role\":\"actor\",\"id\":\"x\",\"character\":\"bnd\"}]}",
		"/work/contributors/0/character", "did you mean \"bond\"?" },
	{ "\"work\":{\"id\":\"w\",\"contributors\":[{\"role\":\"actor\",\"id\":\"x\",\"character\":\"x\"}]}",
		"/work/contributors/0/character", "not among the agents" },
	{ "\"work\":{\"id\":\"w\",\"contributors\":[{\"role\":\"author\",\"id\":\"x\",\"character\":\"bond\"}]}",
		"/work/contributors/0/character", "only the role actor" },
	{ "\"work\":{\"id\":\"w\",\"relations\":[{\"kind\":\"part_of\"}]}", "/work/relations/0/to", "required" },
	{ "\"work\":{\"id\":\"w\",\"relations\":[{\"kind\":\"part_of\",\"to\":\"w\"}]}", "/work/relations/0/to",
		"itself" },
	{ "\"work\":{\"id\":\"w\",\"relations\":{}}", "/work/relations", "an array is wanted" },
	{ "\"work\":\"W\",\"works\":[{\"id\":\"w\"}]", "/works/0", "\"w\" is that of another work" },
	{ "\"works\":[\"W\"]", "/works/0", "an object is wanted, this is a string" },
	{ "\"quotes\":{}", "/quotes", "an array is wanted, this is an object" },
	{ "\"quotes\":[{}]", "/quotes/0", "needs spans or exact" },
	{ "\"quotes\":[{\"exact\":\"mes\"},{\"exact\":\"mes\",\"id\":\"1\"}]", "/quotes/1/id", "the id of quote 1" },
	{ "\"quotes\":[{\"exact\":\"mes\",\"id\":\"2\"},{\"exact\":\"mes\"}]", "/quotes/1/id", "it is the position" },
	{ "\"quotes\":[{\"exact\":\"mes\",\"form\":\"directly\"}]", "/quotes/0/form",
		"\"direct\", \"indirect\", \"free-indirect\", \"reported\" or \"pull\" is wanted, not \"directly\"" },
	{ "\"quotes\":[{\"exact\":\"mes\",\"attribution\":2}]", "/quotes/0/attribution", "a string is wanted" },
	{ "\"quotes\":[{\"exact\":\"mes\",\"speakers\":[\"kerin\"]}]", "/quotes/0/speakers/0",
		"no agent of the bundle has the id \"kerin\"; did you mean \"kerim\"?" },
	{ "\"quotes\":[{\"exact\":\"mes\",\"about\":[\"bond\",\"klebb\",\"bond\"]}]", "/quotes/0/about/2",
		"in this list already" },
	{ "\"quotes\":[{\"exact\":\"mes\",\"addressees\":\"bond\"}]", "/quotes/0/addressees", "an array is wanted" },
	{ "\"quotes\":[{\"exact\":\"mes\",\"speakers\":[null]}]", "/quotes/0/speakers/0", "this is null" },
	{ "\"work\":\"Casino\",\"quotes\":[{\"exact\":\"mes\",\"work\":\"casno\"}]", "/quotes/0/work",
		"did you mean \"casino\"?" },
	{ "\"quotes\":[{\"exact\":\"mes\",\"spoiler\":0}]", "/quotes/0/spoiler", "true or false is wanted" },
	{ "\"quotes\":[{\"spans\":[]}]", "/quotes/0/spans", "0 spans; 1 to 1000" },
	{ "\"quotes\":[{\"spans\":[3]}]", "/quotes/0/spans/0", "[start, end] is wanted" },
	{ "\"quotes\":[{\"spans\":[[0,1,2]]}]", "/quotes/0/spans/0", "[start, end] is wanted" },
	{ "\"quotes\":[{\"spans\":[[0,1],[1.0,2]]}]", "/quotes/0/spans/1/0", "an integer is wanted" },
	{ "\"quotes\":[{\"spans\":[[-1,2]]}]", "/quotes/0/spans/0/0", "-1 is before the start" },
	{ "\"quotes\":[{\"spans\":[[0,49]]}]", "/quotes/0/spans/0/1", "which has 48 code points" },
	{ "\"quotes\":[{\"spans\":[[4,4]]}]", "/quotes/0/spans/0", "the start must be before the end" },
	{ "\"quotes\":[{\"spans\":[[48,48]]}]", "/quotes/0/spans/0", "the start must be before the end" },
	{ "\"quotes\":[{\"spans\":[[0,3]],\"exact\":\"Een\"}]", "/quotes/0/exact", "there stands \"Één\"" },
	{ "\"quotes\":[{\"spans\":[[0,47]],\"exact\":[\"Een\"]}]", "/quotes/0/exact/0",
		"there stands \"Één dag zag Bond Klebbs mes. Bond zag Ke…\"" },
	{ "\"quotes\":[{\"spans\":[[0,3]],\"exact\":[\"Één\",\"dag\"]}]", "/quotes/0/exact", "2 given" },
	{ "\"quotes\":[{\"spans\":[[0,3],[0,3]],\"exact\":\"Één\"}]", "/quotes/0/exact", "1 given" },
	{ "\"quotes\":[{\"spans\":[[0,3]],\"exact\":[null]}]", "/quotes/0/exact/0", "a string is wanted" },
	{ "\"quotes\":[{\"spans\":[[4,7]],\"prefix\":\"Een \"}]", "/quotes/0/prefix", "there stands \"Één \"" },
	{ "\"quotes\":[{\"spans\":[[0,3]],\"prefix\":\"x\"}]", "/quotes/0/prefix", "there stands \"\"" },
	{ "\"quotes\":[{\"spans\":[[4,7]],\"suffix\":[\"zag\"]}]", "/quotes/0/suffix/0", "there stands \" za\"" },
	{ "\"quotes\":[{\"spans\":[[44,48]],\"suffix\":\"x\"}]", "/quotes/0/suffix", "there stands \"\"" },
	{ "\"quotes\":[{\"exact\":\"bond\"}]", "/quotes/0/exact", "does not stand in the text" },
	{ "\"quotes\":[{\"exact\":[\"dag\",\"Een\"]}]", "/quotes/0/exact/1", "does not stand in the text" },
	{ "\"quotes\":[{\"exact\":\"Bond\"}]", "/quotes/0/exact", "more than once" },
	{ "\"quotes\":[{\"exact\":\"Bond\",\"prefix\":\"dag \"}]", "/quotes/0/exact",
		"does not stand in the text with" },
	{ "\"quotes\":[{\"exact\":\"\"}]", "/quotes/0/exact", "an empty string" },
	{ "\"quotes\":[{\"exact\":\"mes\",\"suffix\":\"\"}]", "/quotes/0/suffix", "an empty string" },
	{ "\"quotes\":[{\"exact\":[]}]", "/quotes/0/exact", "1 to 1000" },
	{ "\"quotes\":[{\"exact\":3}]", "/quotes/0/exact", "a string or an array of strings" },
	{ "\"mentions\":[{\"span\":[0,3]}]", "/mentions/0/of", "at least one" },
	{ "\"mentions\":[{\"span\":[0,3],\"of\":[]}]", "/mentions/0/of", "at least one" },
	{ "\"mentions\":[{\"of\":[\"bond\"]}]", "/mentions/0", "needs a span or exact" },
	{ "\"mentions\":[{\"span\":[0,99],\"of\":[\"bond\"]}]", "/mentions/0/span/1", "48 code points" },
	{ "\"mentions\":[{\"span\":[0,3],\"of\":[\"bnod\"]}]", "/mentions/0/of/0", "did you mean \"bond\"?" },
	{ "\"mentions\":[{\"span\":[0,3],\"of\":[1]}]", "/mentions/0/of/0", "an id is wanted" },
	{ "\"mentions\":[{\"span\":[0,3],\"of\":[\"bond\",\"bond\"]}]", "/mentions/0/of/1", "already" },
	{ "\"work\":\"W\",\"mentions\":[{\"span\":[0,3],\"of\":[\"bond\",\"w\"]}]", "/mentions/0/of/1", "no agent" },
	{ "\"work\":\"W\",\"mentions\":[{\"span\":[0,3],\"of\":[\"w\",\"w\"],\"kind\":\"work\"}]", "/mentions/0/of",
		"one work" },
	{ "\"mentions\":[{\"span\":[0,3],\"of\":[\"bond\"],\"kind\":\"work\"}]", "/mentions/0/of/0", "no work" },
	{ "\"work\":\"W\",\"mentions\":[{\"span\":[0,3],\"of\":[\"w\"],\"kind\":\"agent\"}]", "/mentions/0/of/0",
		"no agent" },
	{ "\"mentions\":[{\"exact\":[\"Één\",\"dag\"],\"of\":[\"bond\"]}]", "/mentions/0/exact", "1 to 1 " },
};

static void test_every_problem_has_its_place_and_reason(void **state)
{
	for (size_t i = 0; i < sizeof(bad_bundles) / sizeof(bad_bundles[0]); i++) {
		const struct bad_bundle *bad = &bad_bundles[i];
		const char *json = arena_printf(*state, "{\"id\":\"r\"," TEXT "," AGENTS ",%s}", bad->fields);
		assert_non_null(json);
		struct bundle_problems problems = read_bad(*state, json, strlen(json));
		if (problems.count != 1 || strcmp(problems.items[0].pointer, bad->pointer) != 0 ||
			!strstr(problems.items[0].reason, bad->reason))
			fail_msg("%s: %zu problems, the first at %s: %s", bad->fields, problems.count,
				problems.items[0].pointer, problems.items[0].reason);
	}
}

/* Whole documents. */
static const struct bad_bundle bad_documents[] = {
	{ "", "", "not JSON" },
	{ "[]", "", "an object is wanted, this is an array" },
	{ "{\"id\":\"r\",\n\"text\":}", "", "not JSON: line 2, column 8: " },
	{ "{\"id\":\"r\",\"id\":\"r\",\"text\":\"x\"}", "", "duplicate object key" },
	{ "{\"id\":\"r\",\"text\":\"x\"} x", "", "not JSON: line 1, column 23" },
	{ "{\"id\":\"r\",\"text\":\"\\u0000\"}", "", "U+0000 is not allowed" },
	{ "{\"id\":\"r\",\"text\":\"x\",\"\\u0000\":1}", "", "U+0000 is not allowed" },
	{ "{\"id\":\"r\",\"text\":\"\\ud800\"}", "", "not JSON: line 1" },
	{ "{\"id\":\"r\",\"text\":1e999}", "", "a number that is too large" },
	{ "{\"text\":\"x\"}", "/id", "required" },
	{ "{\"id\":\"r\"}", "/text", "required" },
	{ "{\"id\":\"r\",\"text\":\"\"}", "/text", "empty" },
	{ "{\"id\":\"r\",\"text\":[]}", "/text", "a string is wanted" },
	{ "{\"id\":\"r~1\",\"text\":\"x\"}", "/id", "\"r~1\" is no id" },
	{ "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{}]}", "/agents/0", "an id or a name" },
	{ "{\"id\":\"r\",\"text\":\"x\",\"agents\":[\"A\",{\"id\":\"a\"}]}", "/agents/1", "\"a\" stands in the list" },
	{ "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"a\",\"kind\":\"dog\"}]}", "/agents/0/kind",
		"\"character\", \"person\" or \"organisation\" is wanted" },
	{ "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"a\",\"name\":\"\"}]}", "/agents/0/name", "empty" },
	{ "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"a\",\"aliases\":[\"\"]}]}", "/agents/0/aliases/0",
		"empty" },
	{ "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"a\",\"alias\":[]}]}", "/agents/0/alias",
		"did you mean \"aliases\"?" },
	{ "{\"id\":\"r\",\"text\":\"x\",\"agents\":[\"?\"]}", "/agents/0/id", "no id can be made" },
};

static void test_documents_are_refused_with_a_reason(void **state)
{
	for (size_t i = 0; i < sizeof(bad_documents) / sizeof(bad_documents[0]); i++) {
		const struct bad_bundle *bad = &bad_documents[i];
		struct bundle_problems problems = read_bad(*state, bad->fields, strlen(bad->fields));
		if (problems.count != 1 || strcmp(problems.items[0].pointer, bad->pointer) != 0 ||
			!strstr(problems.items[0].reason, bad->reason))
			fail_msg("%s: %zu problems, the first at %s: %s", bad->fields, problems.count,
				problems.items[0].pointer, problems.items[0].reason);
	}
}

static void test_all_problems_are_told_but_not_more_than_a_hundred(void **state)
{
	struct bundle_problems problems = read_bad(*state, "{\"x\":1,\"title\":2}", 17);
	assert_int_equal(problems.count, 4);
	struct buffer json = { 0 };
	buffer_append_string(&json, "{\"id\":\"r\",\"text\":\"x\",\"quotes\":[{}");
	for (int i = 1; i < 500; i++)
		buffer_append_string(&json, ",{}");
	buffer_append_string(&json, "]}");
	assert_false(json.failed);
	problems = read_bad(*state, json.data, json.length);
	buffer_deinit(&json);
	assert_int_equal(problems.count, BUNDLE_PROBLEMS_MAX + 1);
	assert_string_equal(problems.items[99].pointer, "/quotes/99");
	assert_string_equal(problems.items[100].pointer, "");
	assert_string_equal(problems.items[100].reason, "… and more");
}

static void test_a_bad_field_does_not_make_problems_elsewhere(void **state)
{
	const char *json = "{\"id\":\"r\",\"text\":\"x\",\"agents\":[{\"id\":\"a\",\"kind\":\"dog\"}],"
			   "\"work\":{\"id\":\"w\",\"language\":\"!\"},"
			   "\"quotes\":[{\"exact\":\"x\",\"speakers\":[\"a\"],\"work\":\"w\"}]}";
	assert_int_equal(read_bad(*state, json, strlen(json)).count, 2);
	json = "{\"id\":\"r\",\"text\":3,\"quotes\":[{\"spans\":[[0,5]],\"exact\":\"x\"},{\"exact\":\"y\"}]}";
	assert_int_equal(read_bad(*state, json, strlen(json)).count, 1);
}

static void test_the_guard_refuses_what_no_parser_should_see(void **state)
{
	const char *reason = NULL;
	assert_false(json_guard("[\"a\0\"]", 6, *state, &reason));
	assert_non_null(strstr(reason, "NUL byte at byte 3"));
	assert_false(json_guard("[\"a\xc3\"]", 6, *state, &reason));
	assert_non_null(strstr(reason, "not valid UTF-8 at byte 3"));
	assert_false(json_guard("\"\xed\xa0\x80\"", 5, *state, &reason));
	assert_non_null(strstr(reason, "byte 1"));

	char deep[JSON_MAX_DEPTH + 1];
	memset(deep, '[', sizeof(deep));
	assert_true(json_guard(deep, JSON_MAX_DEPTH, *state, &reason));
	assert_false(json_guard(deep, sizeof(deep), *state, &reason));
	assert_non_null(strstr(reason, "nested deeper than 32 at byte 32"));
	deep[0] = '"';
	assert_true(json_guard(deep, sizeof(deep), *state, &reason));
	assert_true(json_guard("\"\\", 2, *state, &reason));
	assert_true(json_guard("", 0, *state, &reason));

	const char *quoted = "[\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]";
	assert_true(json_guard(quoted, strlen(quoted), *state, &reason));
	struct bundle_problems problems = read_bad(*state, "{\"id\":\"r\",\"text\":\"\0\"}", 21);
	assert_string_equal(problems.items[0].pointer, "");
	assert_non_null(strstr(problems.items[0].reason, "NUL byte at byte 18"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_the_seed_reads_without_a_problem_and_comes_back_equal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_left_out_has_its_default, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_export_has_every_field, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_words_are_found_by_what_stands_around_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_mentions_left_out_are_found_by_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_one_contributor_in_several_places_is_one_agent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_mention_means_the_agent_unless_it_says_work, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_every_problem_has_its_place_and_reason, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_documents_are_refused_with_a_reason, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_all_problems_are_told_but_not_more_than_a_hundred, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_bad_field_does_not_make_problems_elsewhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_guard_refuses_what_no_parser_should_see, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("bundle_read", tests, NULL, NULL);
}
