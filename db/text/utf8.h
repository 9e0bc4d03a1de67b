// SPDX-License-Identifier: MIT
/*
 * UTF-8 as RFC 3629 has it: shortest form, no surrogates, up to U+10FFFF.
 *
 * Offsets and lengths are bytes unless a name says code points. Every function
 * but utf8_find_invalid() expects valid input, which is what the store holds.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The offset of the first byte that does not belong to a valid sequence; `length` when there is none. NUL is valid. */
size_t utf8_find_invalid(const char *text, size_t length);

/* Code points in `length` bytes. */
size_t utf8_count(const char *text, size_t length);

/* Offset of the code point `codepoints` after `from`, or `length` when the text ends first. */
size_t utf8_forward(const char *text, size_t length, size_t from, size_t codepoints);

/* Offset of the code point `codepoints` before `from`, or 0 when the text begins first. */
size_t utf8_backward(const char *text, size_t from, size_t codepoints);

/* Decodes the code point at `*offset` and moves `*offset` behind it. */
uint32_t utf8_next(const char *text, size_t length, size_t *offset);
