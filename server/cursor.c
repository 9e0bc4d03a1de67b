// SPDX-License-Identifier: MIT
#include "server/cursor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/shuffle.h"
#include "server/answer.h"
#include "server/problem.h"
#include "server/routes.h"

enum { BINDING_BYTES = 10 };

static uint32_t hash_string(uint32_t hash, const char *string)
{
	do {
		hash = (hash ^ (unsigned char)*string) * 0x01000193u;
	} while (*string++);
	return hash;
}

static bool is_of_the_page(int param)
{
	return param == PARAM_CURSOR || param == PARAM_FIELDS || param == PARAM_INCLUDE || param == PARAM_LIMIT ||
	       param == PARAM_OFFSETS || param == PARAM_PRETTY;
}

/* Which list it is: the row, what {id} is, the filters and the order. */
static void write_binding(const struct request *request, char ret_binding[BINDING_BYTES])
{
	uint32_t hash = hash_string(0x811c9dc5u, request->route->path);
	hash = hash_string(hash, request->path_id ? request->path_id : "");
	for (int p = 0; p < PARAMS; p++) {
		const struct param_values *values = &request->params.values[p];
		for (size_t i = 0; i < values->count && !is_of_the_page(p); i++)
			hash = hash_string(hash_string(hash, param_specs[p].name), values->texts[i]);
	}
	snprintf(ret_binding, BINDING_BYTES, "%08" PRIx32 ".", hash);
}

/* A whole number without white space or a plus; *text is left behind it. */
static bool read_number(const char **text, int64_t *ret_number)
{
	const char *digits = *text + (**text == '-');
	char *end;
	if (*digits < '0' || *digits > '9')
		return false;
	errno = 0;
	*ret_number = strtoll(*text, &end, 10);
	*text = end;
	return !errno;
}

static bool read_step(const char *text, struct list_place *place)
{
	int64_t bits;
	if (!read_number(&text, &bits) || bits < 0 || bits > SHUFFLE_WALK_BITS_MAX || *text++ != '.')
		return false;
	place->key = PLACE_STEP;
	place->bits = (unsigned)bits;
	return read_number(&text, &place->number) && !*text && place->number >= 0 && place->number >> bits == 0;
}

/* What write_place() wrote: the id, and what the row is sorted by. */
static bool read_place(const char *text, struct list_place *place)
{
	*place = (struct list_place) { .key = PLACE_ID };
	if (!read_number(&text, &place->id) || place->id < 0)
		return false;
	if (!*text)
		return true;
	if (*text++ != '.')
		return false;
	switch (*text++) {
	case 'n':
		place->key = PLACE_NUMBER;
		return read_number(&text, &place->number) && !*text;
	case 's':
		return read_step(text, place);
	case 't':
		place->key = PLACE_TEXT;
		place->text = text;
		return true;
	case 'u':
		place->key = PLACE_UNKNOWN;
		return !*text;
	default:
		return false;
	}
}

static void write_place(struct buffer *out, const struct list_place *place)
{
	buffer_printf(out, "%" PRId64, place->id);
	switch (place->key) {
	case PLACE_ID:
		break;
	case PLACE_UNKNOWN:
		buffer_append_string(out, ".u");
		break;
	case PLACE_NUMBER:
		buffer_printf(out, ".n%" PRId64, place->number);
		break;
	case PLACE_TEXT:
		buffer_append_string(out, ".t");
		target_encode(out, place->text, true);
		break;
	case PLACE_STEP:
		buffer_printf(out, ".s%u.%" PRId64, place->bits, place->number);
		break;
	}
}

void cursor_refuse(struct request *request, struct response *response)
{
	problem_answer(request, response,
		&(struct problem) { .code = "invalid-cursor",
			.detail = "the cursor does not belong to this list with these filters; start without it",
			.parameter = "cursor" });
}

const char *cursor_text_of_kind(struct arena *arena, int kind, const char *text)
{
	return arena_printf(arena, "%d.%s", kind, text);
}

bool cursor_read_kind(const char *given, int kinds, int *ret_kind, const char **ret_text)
{
	if (given[0] < '0' || given[0] >= '0' + kinds || given[1] != '.')
		return false;
	*ret_kind = given[0] - '0';
	*ret_text = given + 2;
	return true;
}

unsigned cursor_keys(enum sort_key sort)
{
	static const unsigned keys[] = {
		[SORT_ADDED] = CURSOR_BIT_ID,
		[SORT_ID] = CURSOR_BIT_TEXT,
		[SORT_LENGTH] = CURSOR_BIT_NUMBER,
		[SORT_NAME] = CURSOR_BIT_TEXT,
		[SORT_PUBLISHED] = CURSOR_BIT_NUMBER | CURSOR_BIT_UNKNOWN,
		[SORT_RANDOM] = CURSOR_BIT_NUMBER | CURSOR_BIT_STEP,
		[SORT_REVIEWER] = CURSOR_BIT_TEXT | CURSOR_BIT_UNKNOWN,
		[SORT_TITLE] = CURSOR_BIT_TEXT | CURSOR_BIT_UNKNOWN,
		[SORT_UPDATED] = CURSOR_BIT_TEXT,
	};
	return keys[sort];
}

bool cursor_read(struct request *request, struct response *response, unsigned keys, struct list_place *place,
	const struct list_place **ret_after)
{
	const char *cursor = param_text(&request->params, PARAM_CURSOR);
	char binding[BINDING_BYTES];
	*ret_after = NULL;
	if (!cursor)
		return true;
	write_binding(request, binding);
	if (!strncmp(cursor, binding, BINDING_BYTES - 1) && read_place(cursor + BINDING_BYTES - 1, place) &&
		keys & 1u << place->key) {
		*ret_after = place;
		return true;
	}
	cursor_refuse(request, response);
	return false;
}

const char *cursor_next_address(struct request *request, const struct list_place *place)
{
	struct buffer address = { 0 };
	char binding[BINDING_BYTES];
	char separator = '?';
	answer_append_path(request, &address);
	for (int p = 0; p < PARAMS; p++) {
		const struct param_values *values = &request->params.values[p];
		for (size_t i = 0; i < values->count && p != PARAM_CURSOR; i++) {
			buffer_append_char(&address, separator);
			buffer_append_string(&address, param_specs[p].name);
			buffer_append_char(&address, '=');
			target_encode(&address, values->texts[i], true);
			separator = '&';
		}
	}
	write_binding(request, binding);
	buffer_append_char(&address, separator);
	buffer_append_string(&address, "cursor=");
	buffer_append_string(&address, binding);
	write_place(&address, place);
	const char *kept = address.failed ? NULL : arena_strndup(request->arena, address.data, address.length);
	buffer_deinit(&address);
	return kept;
}
