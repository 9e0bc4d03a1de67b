// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "db/text/utf8.h"

struct sample {
	const char *text;
	size_t length, invalid;
};

#define SAMPLE(text, invalid)                   \
	{                                       \
		text, sizeof(text) - 1, invalid \
	}

static void check_samples(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(utf8_find_invalid(samples[i].text, samples[i].length), samples[i].invalid);
}

/* Any sequence of one to four bytes, by the definition: decode, and ask whether it is the shortest form. */
static size_t plain_sequence(const unsigned char *p, size_t left)
{
	static const uint32_t SMALLEST[] = { 0, 0, 0x80, 0x800, 0x10000 };
	if (p[0] < 0x80)
		return 1;
	size_t size = p[0] >= 0xF8 ? 0 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC0 ? 2 : 0;
	if (!size || size > left)
		return 0;
	uint32_t codepoint = p[0] & (0x7Fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		codepoint = codepoint << 6 | (p[i] & 0x3F);
	}
	if (codepoint < SMALLEST[size] || codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint <= 0xDFFF))
		return 0;
	return size;
}

static size_t encode(uint32_t codepoint, char *out)
{
	if (codepoint < 0x80) {
		out[0] = (char)codepoint;
		return 1;
	}
	size_t size = codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
	for (size_t i = size - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (codepoint & 0x3F));
		codepoint >>= 6;
	}
	out[0] = (char)((0xF00u >> size & 0xFF) | codepoint);
	return size;
}

static void test_utf8_accepts_the_shortest_form_of_every_length(void **state)
{
	(void)state;
	static const struct sample SAMPLES[] = {
		SAMPLE("", 0),
		SAMPLE("plain words, more than eight bytes", 34),
		SAMPLE("\0\0", 2),
		SAMPLE("\xC2\x80\xDF\xBF", 4),
		SAMPLE("\xE0\xA0\x80\xEF\xBF\xBF", 6),
		SAMPLE("\xED\x9F\xBF\xEE\x80\x80", 6),
		SAMPLE("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8),
		SAMPLE("12345678caf\xC3\xA9 12345678", 22),
	};
	check_samples(SAMPLES, sizeof(SAMPLES) / sizeof(SAMPLES[0]));
}

static void test_utf8_refuses_overlong_forms(void **state)
{
	(void)state;
	static const struct sample SAMPLES[] = {
		SAMPLE("\xC0\x80", 0),
		SAMPLE("a\xC1\xBF", 1),
		SAMPLE("ab\xE0\x80\x80", 2),
		SAMPLE("\xE0\x9F\xBF", 0),
		SAMPLE("\xF0\x80\x80\x80", 0),
		SAMPLE("\xF0\x8F\xBF\xBF", 0),
	};
	check_samples(SAMPLES, sizeof(SAMPLES) / sizeof(SAMPLES[0]));
}

static void test_utf8_refuses_surrogates_and_what_is_beyond_unicode(void **state)
{
	(void)state;
	static const struct sample SAMPLES[] = {
		SAMPLE("12345678\xED\xA0\x80", 8),
		SAMPLE("\xED\xBF\xBF", 0),
		SAMPLE("\xED\xA0\xBD\xED\xB8\x80", 0),
		SAMPLE("\xF4\x90\x80\x80", 0),
		SAMPLE("\xF5\x80\x80\x80", 0),
		SAMPLE("\xF8\x88\x80\x80\x80", 0),
		SAMPLE("\xFE", 0),
		SAMPLE("\xFF", 0),
	};
	check_samples(SAMPLES, sizeof(SAMPLES) / sizeof(SAMPLES[0]));
}

static void test_utf8_refuses_pieces_of_sequences(void **state)
{
	(void)state;
	static const struct sample SAMPLES[] = {
		SAMPLE("\x80", 0),
		SAMPLE("1234567\xC3", 7),
		SAMPLE("12345678\xC3", 8),
		SAMPLE("\xE2\x82", 0),
		SAMPLE("\xE2\x82 ", 0),
		SAMPLE("\xF0\x9F\x98", 0),
		SAMPLE("\xC3\xA9\xA9", 2),
		SAMPLE("\xC3\xC3\xA9", 0),
	};
	check_samples(SAMPLES, sizeof(SAMPLES) / sizeof(SAMPLES[0]));
}

static void test_utf8_judges_every_pair_and_triple_of_bytes_as_the_definition_does(void **state)
{
	(void)state;
	for (uint32_t bytes = 0; bytes < 0x1000000; bytes += bytes < 0x800000 ? 257 : 3) {
		unsigned char text[5] = { (unsigned char)(bytes >> 16), (unsigned char)(bytes >> 8),
			(unsigned char)bytes, 0x80, 'a' };
		size_t expected = 0;
		while (expected < sizeof(text)) {
			size_t size = plain_sequence(text + expected, sizeof(text) - expected);
			if (!size)
				break;
			expected += size;
		}
		size_t found = utf8_find_invalid((const char *)text, sizeof(text));
		if (found != expected)
			fail_msg("%06x: %zu instead of %zu", bytes, found, expected);
	}
}

static void test_utf8_reads_back_every_code_point(void **state)
{
	(void)state;
	for (uint32_t codepoint = 0; codepoint <= 0x10FFFF; codepoint++) {
		char text[4];
		size_t offset = 0;
		if (codepoint == 0xD800)
			codepoint = 0xE000;
		size_t size = encode(codepoint, text);
		if (utf8_find_invalid(text, size) != size || utf8_next(text, size, &offset) != codepoint ||
			offset != size || utf8_count(text, size) != 1)
			fail_msg("U+%04X", codepoint);
	}
}

static void test_utf8_next_never_reads_behind_the_end(void **state)
{
	(void)state;
	static const char CUT[] = { '\xF0', '\x9F' };
	size_t offset = 0;
	utf8_next(CUT, sizeof(CUT), &offset);
	assert_int_equal(offset, 2);
}

static void test_utf8_counts_and_walks_by_code_points(void **state)
{
	(void)state;
	static const uint32_t LETTERS[] = { 'a', 0xE9, 0x20AC, 0x1F600, 'b', 'c', 0x301, '\n' };
	char text[400 * 4];
	size_t starts[401];
	size_t length = 0;
	uint32_t random = 1;
	for (size_t i = 0; i < 400; i++) {
		random = random * 1664525 + 1013904223;
		starts[i] = length;
		length += encode(LETTERS[random >> 29], text + length);
	}
	starts[400] = length;
	for (size_t from = 0; from <= 400; from++) {
		assert_int_equal(utf8_count(text, starts[from]), from);
		for (size_t to = from; to <= 400; to++) {
			assert_int_equal(utf8_forward(text, length, starts[from], to - from), starts[to]);
			assert_int_equal(utf8_backward(text, starts[to], to - from), starts[from]);
		}
		assert_int_equal(utf8_forward(text, length, starts[from], SIZE_MAX), length);
		assert_int_equal(utf8_backward(text, starts[from], SIZE_MAX), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8_accepts_the_shortest_form_of_every_length),
		cmocka_unit_test(test_utf8_refuses_overlong_forms),
		cmocka_unit_test(test_utf8_refuses_surrogates_and_what_is_beyond_unicode),
		cmocka_unit_test(test_utf8_refuses_pieces_of_sequences),
		cmocka_unit_test(test_utf8_judges_every_pair_and_triple_of_bytes_as_the_definition_does),
		cmocka_unit_test(test_utf8_reads_back_every_code_point),
		cmocka_unit_test(test_utf8_next_never_reads_behind_the_end),
		cmocka_unit_test(test_utf8_counts_and_walks_by_code_points),
	};
	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
