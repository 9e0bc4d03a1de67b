// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/buffer.h"
#include "db/text/query.h"

/* A query written out: terms in brackets, `-` and `*` for what they are, quotes around what was quoted. */
static void write_out(struct buffer *out, const struct query *query)
{
	for (size_t i = 0; i < query->term_count; i++) {
		const struct query_term *term = &query->terms[i];
		buffer_append_string(out, term->excluded ? "-[" : "[");
		buffer_append_string(out, term->quoted ? "\"" : "");
		for (size_t t = 0; t < term->count; t++)
			buffer_printf(out, "%s%s", t ? " " : "", query->tokens[term->first + t]);
		buffer_append_string(out, term->quoted ? "\"" : "");
		buffer_append_string(out, term->prefix ? "*]" : "]");
	}
}

static void check_query(const char *typed, const char *expected)
{
	struct query query;
	struct buffer out = { 0 };
	query_parse(typed, strlen(typed), &query);
	write_out(&out, &query);
	assert_string_equal(out.data ? out.data : "", expected);
	buffer_deinit(&out);
}

static void test_query_has_words(void **state)
{
	(void)state;
	check_query("Maar ik\tLEEF\u00A0te\u3000gulzig!", "[maar][ik][leef][te][gulzig]");
	check_query("  een  ", "[een]");
}

static void test_query_has_phrases_in_any_quotes(void **state)
{
	(void)state;
	check_query("\"het Graf\" een", "[\"het graf\"][een]");
	check_query("“het graf”„of zo“ «en» een", "[\"het graf\"][\"of zo\"][\"en\"][een]");
	check_query("een\"twee drie\"vier", "[een][\"twee drie\"][vier]");
	check_query("\"\" \" \" \"!\"", "");
}

static void test_query_takes_a_quote_that_is_not_closed_for_nothing(void **state)
{
	(void)state;
	check_query("\"het graf", "[het][graf]");
	check_query("het 5\" graf", "[het][5][graf]");
	check_query("\"", "");
	check_query("een \"", "[een]");
}

static void test_query_has_beginnings_of_three_letters_or_more(void **state)
{
	(void)state;
	check_query("gul* Graf*", "[gul*][graf*]");
	check_query("gu* g* *", "[gu][g]");
	check_query("*gulzig gul*zig", "[gulzig][gul zig]");
	check_query("gulzig!* gulzig **", "[gulzig][gulzig]");
	check_query("don't* d'artagnan*", "[don t][d artagnan*]");
	check_query("\"gul*\" \"gulzig\"*", "[\"gul\"][\"gulzig\"]");
	check_query("één* æø*", "[een*][aeo*]");
}

static void test_query_takes_away_what_has_a_minus(void **state)
{
	(void)state;
	check_query("graf -steen", "[graf]-[steen]");
	check_query("-\"het graf\" -gul* een", "-[\"het graf\"]-[gul*][een]");
	check_query("- graf -- --steen graf- graf-steen", "[graf][steen][graf][graf steen]");
	check_query("-", "");
	check_query("-\"", "");
	check_query("-\"graf", "-[graf]");
}

static void test_query_keeps_together_what_is_written_together(void **state)
{
	(void)state;
	check_query("don't Kerim’s C++/CLI 007:1957", "[don t][kerim s][c cli][007 1957]");
	check_query("名前は", "[名 前 は]");
	check_query("title:graf NEAR(a b) a AND b OR NOT c", "[title graf][near a][b][a][and][b][or][not][c]");
	check_query("(a) {b} ^c ' '' ; -- /* */", "[a][b][c]");
}

static void test_query_takes_sixteen_words(void **state)
{
	(void)state;
	struct query query;
	const char *typed = "a b c d e f g h i j k l m n o p q r s";
	query_parse(typed, strlen(typed), &query);
	assert_int_equal(query.token_count, QUERY_TOKENS_MAX);
	assert_int_equal(query.term_count, QUERY_TOKENS_MAX);
	typed = "a b c d e f g h i j k l m n \"o p q r\" s";
	query_parse(typed, strlen(typed), &query);
	assert_int_equal(query.token_count, QUERY_TOKENS_MAX);
	assert_int_equal(query.terms[query.term_count - 1].count, 2);
}

static bool finds(const char *typed)
{
	struct query query;
	query_parse(typed, strlen(typed), &query);
	return query_finds(&query);
}

static void test_query_finds_nothing_without_a_word_to_look_for(void **state)
{
	(void)state;
	assert_true(finds("graf"));
	assert_true(finds("-steen graf"));
	assert_false(finds(""));
	assert_false(finds("?! 🦊"));
	assert_false(finds("-graf -\"steen\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query_has_words),
		cmocka_unit_test(test_query_has_phrases_in_any_quotes),
		cmocka_unit_test(test_query_takes_a_quote_that_is_not_closed_for_nothing),
		cmocka_unit_test(test_query_has_beginnings_of_three_letters_or_more),
		cmocka_unit_test(test_query_takes_away_what_has_a_minus),
		cmocka_unit_test(test_query_keeps_together_what_is_written_together),
		cmocka_unit_test(test_query_takes_sixteen_words),
		cmocka_unit_test(test_query_finds_nothing_without_a_word_to_look_for),
	};
	return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
