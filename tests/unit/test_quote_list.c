// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "db/quote_list.h"
#include "db/quotes.h"
#include "db/review_digest.h"
#include "db/sha256.h"
#include "tests/support/store_fixture.h"

/*
 * A store of random quotes, and beside it what was put there, so that every list can be made once more by looking at
 * each quote in turn.
 */
enum { REVIEWS = 7, QUOTES_PER_REVIEW = 20, AGENTS = 7, WORKS = 4, QUOTES = REVIEWS * QUOTES_PER_REVIEW };

enum dimension {
	BY_REVIEW,
	BY_CHARACTER,
	BY_PERSON,
	BY_SPEAKER,
	BY_ADDRESSEE,
	BY_ABOUT,
	BY_WORK,
	BY_FORM,
	BY_ATTRIBUTION,
	BY_LANGUAGE,
	DIMENSIONS
};

/* Agents and works as bits of their indexes. */
struct known_quote {
	int64_t quote_id;
	size_t review;
	unsigned agents[QUOTE_ROLES], work;
	enum quote_form form;
	enum attribution attribution;
};

static struct known_quote known[QUOTES];
static int64_t review_ids[REVIEWS], agent_ids[AGENTS], work_ids[WORKS];
static const char *const languages[] = { "nl", "nl-BE", "nl-BE-x-dial", "nlx", "en", NULL };
enum { LANGUAGES = sizeof(languages) / sizeof(languages[0]) };

static uint64_t random_state = 0x9e3779b97f4a7c15u;

static unsigned random_below(unsigned limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 33) % limit;
}

/* A random set of agents, often empty, in random order. */
static unsigned random_agents(struct arena *arena, struct index_list *list)
{
	unsigned set = 0;
	list->items = arena_array(arena, AGENTS, sizeof(*list->items));
	for (unsigned count = random_below(4); count; count--) {
		unsigned agent = random_below(AGENTS);
		if (set & 1u << agent)
			continue;
		set |= 1u << agent;
		list->items[list->count++] = agent;
	}
	return set;
}

static struct bundle_quote random_quote(struct arena *arena, size_t review, size_t position)
{
	struct known_quote *quote = &known[review * QUOTES_PER_REVIEW + position];
	struct bundle_quote given = { .id = arena_printf(arena, "q%zu", position),
		.form = (enum quote_form)random_below(QUOTE_FORMS),
		.attribution = (enum attribution)random_below(ATTRIBUTIONS),
		.work = random_below(WORKS + 1),
		.spans = arena_array(arena, 1, sizeof(struct span)),
		.span_count = 1 };
	uint32_t at = (uint32_t)position;
	given.spans[0] = (struct span) { at, at + 1, at, at + 1 };
	*quote = (struct known_quote) { .review = review,
		.form = given.form,
		.attribution = given.attribution,
		.work = given.work == WORKS ? 0 : 1u << given.work };
	if (given.work == WORKS)
		given.work = BUNDLE_NONE;
	quote->agents[ROLE_SPEAKER] = random_agents(arena, &given.speakers);
	quote->agents[ROLE_ADDRESSEE] = random_agents(arena, &given.addressees);
	quote->agents[ROLE_ABOUT] = random_agents(arena, &given.about);
	return given;
}

static struct bundle random_bundle(struct arena *arena, size_t review)
{
	struct bundle bundle = { .slug = arena_printf(arena, "r%zu", review),
		.language = languages[review % LANGUAGES],
		.text = arena_printf(arena, "%*s", QUOTES_PER_REVIEW, "x"),
		.text_bytes = QUOTES_PER_REVIEW,
		.text_codepoints = QUOTES_PER_REVIEW,
		.work = BUNDLE_NONE,
		.agents = arena_array(arena, AGENTS, sizeof(struct bundle_agent)),
		.agent_count = AGENTS,
		.works = arena_array(arena, WORKS, sizeof(struct bundle_work)),
		.work_count = WORKS,
		.quotes = arena_array(arena, QUOTES_PER_REVIEW, sizeof(struct bundle_quote)),
		.quote_count = QUOTES_PER_REVIEW };
	assert_true(sha256_hex(bundle.text, bundle.text_bytes, bundle.text_sha256));
	for (size_t i = 0; i < AGENTS; i++) {
		const char *slug = arena_printf(arena, "a%zu", i);
		bundle.agents[i] = (struct bundle_agent) { .slug = slug, .name = slug, .declared = true };
	}
	for (size_t i = 0; i < WORKS; i++)
		bundle.works[i] = (struct bundle_work) { .slug = arena_printf(arena, "w%zu", i) };
	for (size_t i = 0; i < QUOTES_PER_REVIEW; i++)
		bundle.quotes[i] = random_quote(arena, review, i);
	assert_true(bundle_digest(&bundle, arena));
	return bundle;
}

static int set_up(void **state)
{
	store_fixture_empty(state);
	struct store_fixture *fixture = *state;
	for (size_t i = 0; i < REVIEWS; i++) {
		struct bundle bundle = random_bundle(&fixture->arena, i);
		store_fixture_put_bundle(fixture, &bundle);
		review_ids[i] = store_fixture_review_id(fixture, bundle.slug);
	}
	for (size_t i = 0; i < AGENTS; i++)
		agent_ids[i] = store_fixture_agent_id(fixture, arena_printf(&fixture->arena, "a%zu", i));
	for (size_t i = 0; i < WORKS; i++)
		work_ids[i] = store_fixture_work_id(fixture, arena_printf(&fixture->arena, "w%zu", i));
	for (size_t i = 0; i < QUOTES; i++)
		known[i].quote_id = review_ids[known[i].review] * ITEMS_PER_REVIEW + (int64_t)(i % QUOTES_PER_REVIEW);
	store_fixture_prove(fixture);
	return 0;
}

/* What is asked for: of each dimension a set of indexes as bits, 0 for no condition; and the same as a filter. */
struct question {
	unsigned wanted[DIMENSIONS];
	struct quote_filter filter;
};

/* The numbers of the set; some stand there twice, in no order, which must make no difference. */
static struct int_list number_list(struct arena *arena, unsigned set, const int64_t *numbers, size_t count)
{
	struct int_list list = { .items = arena_array(arena, 2 * count, sizeof(*list.items)) };
	for (size_t i = count; i--;) {
		for (unsigned times = set & 1u << i ? 1 + !random_below(4) : 0; times; times--)
			list.items[list.count++] = numbers[i];
	}
	return list;
}

static struct question make_question(struct arena *arena, const unsigned wanted[DIMENSIONS])
{
	struct question question = { .filter = {
					     .reviews = number_list(arena, wanted[BY_REVIEW], review_ids, REVIEWS),
					     .characters = number_list(arena, wanted[BY_CHARACTER], agent_ids, AGENTS),
					     .people = number_list(arena, wanted[BY_PERSON], agent_ids, AGENTS),
					     .speakers = number_list(arena, wanted[BY_SPEAKER], agent_ids, AGENTS),
					     .addressees = number_list(arena, wanted[BY_ADDRESSEE], agent_ids, AGENTS),
					     .about = number_list(arena, wanted[BY_ABOUT], agent_ids, AGENTS),
					     .works = number_list(arena, wanted[BY_WORK], work_ids, WORKS),
					     .forms = wanted[BY_FORM],
					     .attributions = wanted[BY_ATTRIBUTION],
					     .review.languages = { .items = arena_array(
									   arena, LANGUAGES, sizeof(char *)) },
				     } };
	for (size_t i = 0; i < LANGUAGES; i++) {
		if (wanted[BY_LANGUAGE] & 1u << i)
			question.filter.review.languages.items[question.filter.review.languages.count++] = languages[i];
	}
	memcpy(question.wanted, wanted, sizeof(question.wanted));
	return question;
}

/* RFC 4647, section 3.3.1: the tag itself, or one that goes on behind a hyphen. */
static bool language_fits(const char *language, unsigned wanted)
{
	for (size_t i = 0; language && i < LANGUAGES; i++) {
		size_t length = languages[i] ? strlen(languages[i]) : 0;
		if (length && (wanted & 1u << i) && !strncmp(language, languages[i], length) &&
			(!language[length] || language[length] == '-'))
			return true;
	}
	return false;
}

static bool fits(const struct known_quote *quote, const unsigned *wanted)
{
	const unsigned has[DIMENSIONS] = {
		[BY_REVIEW] = 1u << quote->review,
		[BY_CHARACTER] = quote->agents[ROLE_SPEAKER],
		[BY_PERSON] = quote->agents[ROLE_SPEAKER],
		[BY_SPEAKER] = quote->agents[ROLE_SPEAKER],
		[BY_ADDRESSEE] = quote->agents[ROLE_ADDRESSEE],
		[BY_ABOUT] = quote->agents[ROLE_ABOUT],
		[BY_WORK] = quote->work,
		[BY_FORM] = 1u << quote->form,
		[BY_ATTRIBUTION] = 1u << quote->attribution,
	};
	for (enum dimension d = 0; d < DIMENSIONS; d++) {
		if (wanted[d] && d != BY_LANGUAGE && !(has[d] & wanted[d]))
			return false;
	}
	return !wanted[BY_LANGUAGE] || language_fits(languages[quote->review % LANGUAGES], wanted[BY_LANGUAGE]);
}

/* The list from `after` on, in pages of `limit`, against what looking at each quote gives. */
static const struct quote_sort added = { .order = QUOTE_ADDED };

/* Behind the quote with the number `after`, from the start for 0. */
static struct quote_page list(
	struct store_fixture *fixture, const struct quote_filter *filter, int64_t after, size_t limit)
{
	struct quote_page page;
	const struct list_place place = { .key = PLACE_ID, .id = after };
	assert_int_equal(quote_list(fixture->reader, filter, &added, after ? &place : NULL, limit, QUOTE_WORDS_AROUND,
				 &fixture->arena, &page),
		DB_OK);
	return page;
}

static void expect_answer(
	struct store_fixture *fixture, const struct question *question, int64_t after, size_t limit, bool walk)
{
	struct quote_page page = { .more = true };
	int64_t total = 0;
	size_t at = 0;
	for (size_t i = 0; i < QUOTES; i++)
		total += fits(&known[i], question->wanted);
	while (at < QUOTES && known[at].quote_id <= after)
		at++;
	do {
		page = list(fixture, &question->filter, after, limit);
		assert_int_equal(page.total, total);
		assert_true(page.count <= limit);
		for (size_t i = 0; i < page.count; i++) {
			while (at < QUOTES && !fits(&known[at], question->wanted))
				at++;
			assert_in_range(at, 0, QUOTES - 1);
			after = known[at++].quote_id;
			assert_int_equal(page.items[i].quote_id, after);
		}
		while (at < QUOTES && !fits(&known[at], question->wanted))
			at++;
		assert_int_equal(page.more, at < QUOTES);
		assert_true(!page.more || page.count == limit);
	} while (walk && page.more);
}

/* One value, several, or more likely only some of those there are. */
static unsigned random_set(unsigned count)
{
	unsigned set = 1u << random_below(count);
	if (random_below(2))
		set |= random_below(1u << count);
	return set;
}

static const unsigned sizes[DIMENSIONS] = { REVIEWS, AGENTS, AGENTS, AGENTS, AGENTS, AGENTS, WORKS, QUOTE_FORMS,
	ATTRIBUTIONS, LANGUAGES - 1 };

static void begin(struct store_fixture *fixture)
{
	arena_clear(&fixture->arena);
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
}

static void test_quote_list_of_every_combination_of_conditions(void **state)
{
	struct store_fixture *fixture = *state;
	size_t lists_with_quotes = 0;
	for (unsigned combination = 0; combination < 1u << DIMENSIONS; combination++) {
		unsigned wanted[DIMENSIONS] = { 0 };
		begin(fixture);
		for (enum dimension d = 0; d < DIMENSIONS; d++) {
			/* Wide sets, so that quotes are left even where all ten conditions must hold. */
			if (combination & 1u << d)
				wanted[d] = random_set(sizes[d]) | random_below(1u << sizes[d]);
		}
		struct question question = make_question(&fixture->arena, wanted);
		int64_t after = random_below(3) ? 0 : known[random_below(QUOTES)].quote_id;
		expect_answer(fixture, &question, after, 1 + random_below(8), false);
		for (size_t i = 0; i < QUOTES; i++) {
			if (fits(&known[i], wanted)) {
				lists_with_quotes++;
				break;
			}
		}
		db_end_read(fixture->reader);
	}
	/* The reference would be worth little if most lists were empty. */
	assert_true(lists_with_quotes > (1u << DIMENSIONS) / 2);
}

static void test_quote_list_by_one_value_of_each_condition(void **state)
{
	struct store_fixture *fixture = *state;
	for (enum dimension d = 0; d < DIMENSIONS; d++) {
		for (unsigned value = 0; value < sizes[d]; value++) {
			unsigned wanted[DIMENSIONS] = { 0 };
			wanted[d] = 1u << value;
			begin(fixture);
			struct question question = make_question(&fixture->arena, wanted);
			expect_answer(fixture, &question, 0, 200, false);
			db_end_read(fixture->reader);
		}
	}
}

static void test_quote_list_pages_give_each_quote_once(void **state)
{
	struct store_fixture *fixture = *state;
	static const unsigned questions[][DIMENSIONS] = { { 0 }, { [BY_SPEAKER] = 0x7f }, { [BY_REVIEW] = 0x15 },
		{ [BY_WORK] = 0xf }, { [BY_ABOUT] = 3, [BY_FORM] = 7 }, { [BY_REVIEW] = 1 } };
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		for (size_t limit = 1; limit <= QUOTES + 1; limit += 1 + limit / 2) {
			begin(fixture);
			struct question question = make_question(&fixture->arena, questions[i]);
			expect_answer(fixture, &question, 0, limit, true);
			db_end_read(fixture->reader);
		}
	}
}

static void test_quote_list_rows_gives_no_more_than_asked_for(void **state)
{
	struct store_fixture *fixture = *state;
	static const unsigned wanted[DIMENSIONS] = { [BY_SPEAKER] = 0x7f };
	begin(fixture);
	struct question question = make_question(&fixture->arena, wanted);
	for (size_t limit = 0; limit < 10; limit++) {
		struct quote_plan plan;
		struct list_rows rows;
		size_t at = 0;
		assert_int_equal(quote_plan_make(fixture->reader, &question.filter, &fixture->arena, &plan), DB_OK);
		assert_int_equal(quote_list_rows(fixture->reader, &plan, &added, NULL, limit, QUOTES, QUOTES,
					 &fixture->arena, &rows),
			DB_OK);
		assert_int_equal(rows.count, limit);
		for (size_t i = 0; i < rows.count; i++, at++) {
			while (!fits(&known[at], wanted))
				at++;
			assert_int_equal(rows.items[i].id, known[at].quote_id);
		}
	}
	db_end_read(fixture->reader);
}

static void test_quote_list_of_no_quote(void **state)
{
	struct store_fixture *fixture = *state;
	int64_t nobody[] = { 0, 4711, -1 };
	struct quote_filter filter = { 0 };
	struct int_list *const lists[] = { &filter.reviews, &filter.characters, &filter.people, &filter.speakers,
		&filter.addressees, &filter.about, &filter.works };
	begin(fixture);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (size_t count = 1; count <= 3; count++) {
			*lists[i] = (struct int_list) { nobody + 3 - count, count };
			struct quote_page page = list(fixture, &filter, 0, 20);
			assert_int_equal(page.total, 0);
			assert_int_equal(page.count, 0);
			assert_false(page.more);
		}
		*lists[i] = (struct int_list) { 0 };
	}
	db_end_read(fixture->reader);
}

static void test_quote_list_of_a_page_without_room(void **state)
{
	struct store_fixture *fixture = *state;
	const struct quote_filter filter = { 0 };
	struct quote_page page;
	begin(fixture);
	page = list(fixture, &filter, 0, 0);
	assert_int_equal(page.count, 0);
	assert_int_equal(page.total, QUOTES);
	assert_true(page.more);
	page = list(fixture, &filter, INT64_MAX, 20);
	assert_int_equal(page.count, 0);
	assert_false(page.more);
	db_end_read(fixture->reader);
}

static void expect_refs(const struct agent_refs *refs, const char *const *slugs, size_t count)
{
	assert_int_equal(refs->count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(refs->items[i].slug, slugs[i]);
}

static void test_quote_list_reads_as_much_of_the_text_as_is_asked_for(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	int64_t review = store_fixture_review_id(fixture, "moonraker-nl");
	struct quote_filter filter = { .reviews = { &review, 1 } };
	struct quote_page whole, page;
	const enum quote_words less[] = { QUOTE_WORDS, QUOTE_NO_WORDS };
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	whole = list(fixture, &filter, 0, 10);
	for (size_t w = 0; w < 2; w++) {
		assert_int_equal(
			quote_list(fixture->reader, &filter, &added, NULL, 10, less[w], &fixture->arena, &page), DB_OK);
		assert_int_equal(page.count, whole.count);
		for (size_t i = 0; i < page.count; i++) {
			const struct quote *quote = &page.items[i], *all = &whole.items[i];
			assert_int_equal(quote->passage_count, all->passage_count);
			for (size_t p = 0; p < quote->passage_count; p++) {
				const struct passage *passage = &quote->passages[p];
				assert_memory_equal(&passage->span, &all->passages[p].span, sizeof(passage->span));
				assert_string_equal(
					passage->exact, less[w] == QUOTE_WORDS ? all->passages[p].exact : "");
				assert_string_equal(passage->prefix, "");
				assert_string_equal(passage->suffix, "");
			}
		}
	}
	db_end_read(fixture->reader);
}

static void test_quote_get_gives_all_of_a_quote(void **state)
{
	struct store_fixture *fixture = store_fixture_reading(state);
	struct quote quote;
	int64_t review = store_fixture_review_id(fixture, "moonraker-nl");
	assert_int_equal(db_begin_read(fixture->reader, 0), DB_OK);
	assert_int_equal(quote_get(fixture->reader, review, "kaart", &fixture->arena, &quote), DB_OK);
	assert_string_equal(quote.local_slug, "kaart");
	assert_string_equal(quote.review_slug, "moonraker-nl");
	assert_int_equal(quote.review_revision, 1);
	assert_string_equal(quote.language, "nl-BE");
	assert_int_equal(strlen(quote.text_sha256), SHA256_HEX_LENGTH);
	assert_int_equal(quote.form, FORM_DIRECT);
	assert_int_equal(quote.attribution, ATTRIBUTION_STATED);
	assert_false(quote.spoiler);
	assert_string_equal(quote.work.slug, "moonraker");
	assert_string_equal(quote.work.title, "Moonraker");
	expect_refs(&quote.agents[ROLE_SPEAKER], (const char *[]) { "james-bond" }, 1);
	expect_refs(&quote.agents[ROLE_ADDRESSEE], (const char *[]) { "m" }, 1);
	expect_refs(&quote.agents[ROLE_ABOUT], (const char *[]) { "m", "smersh" }, 2);
	assert_int_equal(quote.agents[ROLE_ABOUT].items[1].kind, AGENT_ORGANISATION);
	assert_string_equal(quote.agents[ROLE_ABOUT].items[1].name, "SMERSH");

	assert_int_equal(quote_get(fixture->reader, review, "2", &fixture->arena, &quote), DB_OK);
	assert_int_equal(quote.passage_count, 2);
	assert_string_equal(quote.passages[0].exact, "ni\xc3\xa9t");
	assert_string_equal(quote.passages[1].exact, "de\xcc\x81 pot is dood");
	expect_refs(&quote.agents[ROLE_SPEAKER], (const char *[]) { "ian-fleming", "m" }, 2);
	assert_int_equal(quote.attribution, ATTRIBUTION_DISPUTED);
	assert_true(quote.spoiler);
	assert_string_equal(quote.work.slug, "moonraker-film");

	assert_int_equal(quote_get(fixture->reader, review, "3", &fixture->arena, &quote), DB_OK);
	assert_null(quote.work.slug);
	assert_int_equal(quote.attribution, ATTRIBUTION_UNKNOWN);
	assert_int_equal(quote_get(fixture->reader, review, "5", &fixture->arena, &quote), DB_NOT_FOUND);
	assert_int_equal(quote_get(fixture->reader, 4711, "2", &fixture->arena, &quote), DB_NOT_FOUND);
	db_end_read(fixture->reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quote_list_of_every_combination_of_conditions),
		cmocka_unit_test(test_quote_list_by_one_value_of_each_condition),
		cmocka_unit_test(test_quote_list_pages_give_each_quote_once),
		cmocka_unit_test(test_quote_list_rows_gives_no_more_than_asked_for),
		cmocka_unit_test(test_quote_list_of_no_quote),
		cmocka_unit_test(test_quote_list_of_a_page_without_room),
		cmocka_unit_test_setup_teardown(test_quote_list_reads_as_much_of_the_text_as_is_asked_for,
			store_fixture_library, store_fixture_remove),
		cmocka_unit_test_setup_teardown(
			test_quote_get_gives_all_of_a_quote, store_fixture_library, store_fixture_remove),
	};
	return cmocka_run_group_tests_name("quote_list", tests, set_up, store_fixture_remove);
}
