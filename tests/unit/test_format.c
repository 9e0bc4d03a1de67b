// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "server/format.h"

enum { BOTH = FORMAT_BIT_JSON | FORMAT_BIT_TXT, NONE = -1 };

static void expect_suffix(const char *segment, enum suffix suffix, size_t length, enum format format)
{
	size_t found = 0;
	enum format got = FORMAT_JSON;
	assert_int_equal(format_from_suffix(segment, strlen(segment), &found, &got), suffix);
	assert_int_equal(found, length);
	if (suffix == SUFFIX_KNOWN)
		assert_int_equal(got, format);
}

static void test_a_suffix_names_a_format(void **state)
{
	(void)state;
	expect_suffix("quotes.json", SUFFIX_KNOWN, 6, FORMAT_JSON);
	expect_suffix("quotes.txt", SUFFIX_KNOWN, 6, FORMAT_TXT);
	expect_suffix("quotes.csv", SUFFIX_KNOWN, 6, FORMAT_CSV);
	expect_suffix("quotes.ndjson", SUFFIX_KNOWN, 6, FORMAT_NDJSON);
	expect_suffix("docs.html", SUFFIX_KNOWN, 4, FORMAT_HTML);
	expect_suffix("a.b.txt", SUFFIX_KNOWN, 3, FORMAT_TXT);
	expect_suffix("a.json.txt", SUFFIX_KNOWN, 6, FORMAT_TXT);
	expect_suffix("\xc3\xa9.txt", SUFFIX_KNOWN, 2, FORMAT_TXT);
}

static void test_a_suffix_that_is_not_served_is_known_for_one(void **state)
{
	(void)state;
	expect_suffix("quotes.yaml", SUFFIX_FOREIGN, 6, FORMAT_JSON);
	expect_suffix("quotes.json.xml", SUFFIX_FOREIGN, 11, FORMAT_JSON);
}

/* Ids and names have dots. */
static void test_other_dots_belong_to_the_name(void **state)
{
	(void)state;
	static const char *const names[] = { "", ".", "txt", "json", ".txt", ".json", "Mr. Bond", "007.5", "a.TXT",
		"a.json5", "a.txt.", "atxt", "J.F.K" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect_suffix(names[i], SUFFIX_NONE, strlen(names[i]), FORMAT_JSON);
	size_t length;
	enum format format;
	/* Only the bytes of the segment count. */
	assert_int_equal(format_from_suffix("a.txt", 3, &length, &format), SUFFIX_NONE);
	assert_int_equal(length, 3);
}

static int negotiate(const char *accept, unsigned offered)
{
	enum format format;
	return format_negotiate(accept, offered, &format) ? (int)format : NONE;
}

/* What RFC 9110, section 12.5.1 says of an Accept header, with both formats on offer. */
static const struct {
	const char *accept;
	int format;
} cases[] = {
	{ NULL, FORMAT_JSON },
	{ "", FORMAT_JSON },
	{ "  ", FORMAT_JSON },
	{ "*/*", FORMAT_JSON },
	{ "application/json", FORMAT_JSON },
	{ "text/plain", FORMAT_TXT },
	{ "TEXT/Plain", FORMAT_TXT },
	{ "text/*", FORMAT_TXT },
	{ "application/*", FORMAT_JSON },
	{ "text/plain, application/json", FORMAT_JSON },
	{ "text/plain,application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=0.5, application/json;q=0.4", FORMAT_TXT },
	{ "text/plain ; q=0.5 , application/json ; q=0.6", FORMAT_JSON },
	{ "text/plain;Q=0.5, application/json;Q=0.4", FORMAT_TXT },
	{ "*/*;q=0.1, text/plain", FORMAT_TXT },
	{ "text/html, application/xhtml+xml, */*;q=0.8", FORMAT_JSON },
	/* The more specific range counts, whichever stands first and weighs more. */
	{ "text/*;q=0.9, text/plain;q=0.1, application/json;q=0.5", FORMAT_JSON },
	{ "text/plain;q=0.1, text/*;q=0.9, application/json;q=0.5", FORMAT_JSON },
	{ "*/*, application/json;q=0", FORMAT_TXT },
	{ "application/json;q=0, */*", FORMAT_TXT },
	{ "application/*;q=0, */*;q=0.001", FORMAT_TXT },
	{ "application/json;q=0.000, text/plain;q=0.0", NONE },
	{ "*/*;q=0", NONE },
	{ "image/png", NONE },
	{ "text/html", NONE },
	{ "text/plainer", NONE },
	{ "text", NONE },
	{ "text/", NONE },
	{ "/plain", NONE },
	{ ",", NONE },
	{ "*/plain", NONE },
	/* Parameters of the type are passed over; the weight stands behind them. */
	{ "text/plain;charset=utf-8", FORMAT_TXT },
	{ "text/plain;charset=utf-8;q=0.2, application/json;q=0.1", FORMAT_TXT },
	{ "text/plain;format=flowed; q=0, */*", FORMAT_JSON },
	/* Empty elements of a list are none (section 5.6.1.2). */
	{ ", ,text/plain,,", FORMAT_TXT },
	/* A weight that is none counts as if it were not there. */
	{ "text/plain;q=2, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=-1, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=high, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=nan, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=inf, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=0x0, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=0e5, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=.1, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=0.1x, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=0.3339, application/json;q=0.334", FORMAT_JSON },
	{ "text/plain;q=00, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=1.001, application/json;q=0.9", FORMAT_TXT },
	{ "text/plain;q=0., application/json;q=0.9", FORMAT_JSON },
	{ "text/plain;q=1.000, application/json;q=0.999", FORMAT_TXT },
	{ "text/plain;q=0.999, application/json;q=1.", FORMAT_JSON },
};

static void test_accept_chooses_by_weight_and_specificity(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (negotiate(cases[i].accept, BOTH) != cases[i].format)
			fail_msg("Accept: %s", cases[i].accept);
	}
}

static void test_only_what_is_offered_is_chosen(void **state)
{
	(void)state;
	assert_int_equal(negotiate(NULL, FORMAT_BIT_TXT), FORMAT_TXT);
	assert_int_equal(negotiate("application/json, text/plain;q=0.1", FORMAT_BIT_TXT), FORMAT_TXT);
	assert_int_equal(negotiate("application/json", FORMAT_BIT_TXT), NONE);
	assert_int_equal(negotiate("text/plain", FORMAT_BIT_JSON), NONE);
	assert_int_equal(negotiate("*/*", FORMAT_BIT_JSON), FORMAT_JSON);
	assert_int_equal(negotiate("*/*", 0), NONE);
}

static void test_every_format_has_a_name_and_a_type(void **state)
{
	(void)state;
	for (int f = 0; f < FORMATS; f++) {
		char segment[16] = "x.";
		/* The type that is sent is one that asks for the format. */
		assert_int_equal(negotiate(format_types[f], 1u << f), f);
		if (!format_names[f])
			continue;
		assert_true(strlen(format_names[f]) < 8);
		memcpy(segment + 2, format_names[f], strlen(format_names[f]) + 1);
		expect_suffix(segment, SUFFIX_KNOWN, 1, (enum format)f);
	}
}

static void test_the_formats_of_a_set_are_told(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	assert_string_equal(format_list(BOTH | FORMAT_BIT_CSV, &arena),
		".json (application/json), .txt (text/plain), .csv (text/csv)");
	assert_string_equal(format_list(FORMAT_BIT_LINKSET, &arena), "application/linkset+json");
	assert_string_equal(format_list(0, &arena), "");
	arena_deinit(&arena);
}

static void test_a_coding_is_chosen_by_weight(void **state)
{
	(void)state;
	enum { IDENTITY = CODING_BIT_IDENTITY, GZIP = CODING_BIT_GZIP };
	static const struct {
		const char *accept;
		unsigned codings;
	} headers[] = {
		{ NULL, IDENTITY },
		{ "", IDENTITY },
		{ "gzip", IDENTITY | GZIP },
		{ " X-GZIP ; q=0.5 ,br", IDENTITY | GZIP },
		{ "*", IDENTITY | GZIP },
		{ "gzip;q=0", IDENTITY },
		{ "gzip;q=0, *", IDENTITY },
		{ "gzip;q=0.4, identity;q=0.5", IDENTITY },
		{ "gzip;q=0.5, identity;q=0.5", IDENTITY | GZIP },
		{ "identity;q=0, gzip", GZIP },
		{ "*;q=0, gzip", GZIP },
		{ "*;q=0, identity", IDENTITY },
		{ "*;q=0", 0 },
		{ "identity;q=0", 0 },
		{ "br, identity;q=0.0", 0 },
		{ "gzipped, gzi, zip", IDENTITY },
		{ ",,gzip,,", IDENTITY | GZIP },
	};
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		if (coding_negotiate(headers[i].accept) != headers[i].codings)
			fail_msg("%s: %u", headers[i].accept, coding_negotiate(headers[i].accept));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_suffix_names_a_format),
		cmocka_unit_test(test_a_suffix_that_is_not_served_is_known_for_one),
		cmocka_unit_test(test_other_dots_belong_to_the_name),
		cmocka_unit_test(test_accept_chooses_by_weight_and_specificity),
		cmocka_unit_test(test_only_what_is_offered_is_chosen),
		cmocka_unit_test(test_every_format_has_a_name_and_a_type),
		cmocka_unit_test(test_the_formats_of_a_set_are_told),
		cmocka_unit_test(test_a_coding_is_chosen_by_weight),
	};
	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
