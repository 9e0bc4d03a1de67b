// SPDX-License-Identifier: MIT
#include "server/bare_text.h"

#include <string.h>

#include "db/bundle.h"
#include "db/text/key.h"
#include "db/text/utf8.h"
#include "server/json/out.h"

/* What is written like an id is one; a title has a capital letter or a space. */
static bool is_written_as_id(const char *work)
{
	struct buffer key = { 0 };
	name_key(&key, work, strlen(work));
	bool same = key.data && !strcmp(key.data, work) && slug_is_valid(work, strlen(work));
	buffer_deinit(&key);
	return same;
}

/* Appends an id made from `name`, or `name` itself when it is one; false when there is nothing to make it from. */
static bool append_id(struct buffer *id, const char *name, size_t length)
{
	if (!slug_is_valid(name, length))
		return slug_from_name(id, name, length);
	buffer_append(id, name, length);
	return true;
}

/* The name of the file without its folder and without what comes behind the last point. */
static void append_file_id(struct buffer *id, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;
	size_t length = strlen(name);
	if (length > 3 && !strcmp(name + length - 3, ".gz"))
		length -= 3;
	const char *point = memrchr(name, '.', length);
	if (point)
		length = (size_t)(point - name);
	if (utf8_find_invalid(name, length) == length)
		append_id(id, name, length);
}

static void write_work(struct out *out, const struct reviewd_text *text)
{
	out_key(out, "work");
	out_object_begin(out);
	out_field_string(out, is_written_as_id(text->work) ? "id" : "title", text->work);
	if (text->author_count) {
		out_key(out, "contributors");
		out_array_begin(out);
	}
	for (size_t i = 0; i < text->author_count; i++) {
		out_object_begin(out);
		out_field_string(out, "role", "author");
		out_field_string(out, "name", text->authors[i]);
		out_object_end(out);
	}
	if (text->author_count)
		out_array_end(out);
	out_object_end(out);
}

static void write_bundle(
	struct buffer *json, const struct reviewd_text *text, const char *id, const struct buffer *words)
{
	struct out out;
	out_init(&out, json, false);
	out_object_begin(&out);
	out_field_string(&out, "id", id);
	out_field_string(&out, "title", text->title);
	out_field_string(&out, "language", text->language);
	out_field_string(&out, "reviewer", text->reviewer);
	if (text->work)
		write_work(&out, text);
	out_key(&out, "agents");
	out_array_begin(&out);
	for (size_t i = 0; i < text->character_count; i++)
		out_string(&out, text->characters[i]);
	out_array_end(&out);
	out_key(&out, "text");
	out_string_n(&out, words->data ? words->data : "", words->length);
	out_object_end(&out);
}

static void refuse(struct bare_text_problem *problem, uint64_t line, const char *pointer, const char *reason)
{
	*problem = (struct bare_text_problem) { .line = line, .pointer = pointer, .reason = reason };
}

/* What was typed has the encoding of the terminal, which need not be UTF-8. */
static bool check_typed(const struct reviewd_text *text, struct bare_text_problem *problem)
{
	const struct {
		const char *pointer;
		const char *const *strings;
		size_t count;
	} typed[] = { { "/id", &text->id, 1 }, { "/title", &text->title, 1 }, { "/language", &text->language, 1 },
		{ "/reviewer", &text->reviewer, 1 }, { "/work", &text->work, 1 },
		{ "/work/contributors", text->authors, text->author_count },
		{ "/agents", text->characters, text->character_count } };
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		for (size_t s = 0; s < typed[i].count; s++) {
			const char *string = typed[i].strings[s];
			if (string && utf8_find_invalid(string, strlen(string)) != strlen(string)) {
				refuse(problem, 1, typed[i].pointer, "not valid UTF-8");
				return false;
			}
		}
	}
	return true;
}

static bool check_words(const struct buffer *words, struct arena *arena, struct bare_text_problem *problem)
{
	if (words->length > BUNDLE_TEXT_BYTES_MAX) {
		refuse(problem, 1, "/text",
			arena_printf(arena, "more than %d bytes, which are the most a text may have",
				BUNDLE_TEXT_BYTES_MAX));
		return false;
	}
	size_t valid = words->data ? utf8_find_invalid(words->data, words->length) : 0;
	const char *nul = words->data ? memchr(words->data, '\0', valid) : NULL;
	size_t sound = nul ? (size_t)(nul - words->data) : valid;
	if (sound == words->length)
		return true;
	uint64_t line = 1;
	for (const char *c = words->data; (c = memchr(c, '\n', sound - (size_t)(c - words->data))); c++)
		line++;
	refuse(problem, line, "/text",
		nul ? arena_printf(arena, "a NUL byte at byte %zu; a text has none", sound)
		    : arena_printf(arena, "not valid UTF-8 at byte %zu, which is 0x%02x; iconv(1) converts texts",
			      sound, (unsigned char)words->data[sound]));
	return false;
}

static bool make_id(const struct reviewd_text *text, struct buffer *id, struct bare_text_problem *problem)
{
	buffer_append_string(id, text->id ? text->id : "");
	if (!text->id && strcmp(text->file, "-") != 0)
		append_file_id(id, text->file);
	if (!text->id && !id->length && text->work)
		append_id(id, text->work, strlen(text->work));
	if (text->id || id->length || id->failed)
		return true;
	refuse(problem, 1, "/id", "required: none can be made from the name of the file or of the work");
	return false;
}

static enum input_status read_all(struct input *input, struct buffer *words)
{
	char block[8192];
	size_t length;
	enum input_status status = INPUT_OK;
	while (words->length <= BUNDLE_TEXT_BYTES_MAX && !words->failed) {
		status = input_read(input, block, sizeof(block), &length);
		if (status != INPUT_OK)
			break;
		buffer_append(words, block, length);
	}
	return words->failed ? INPUT_NO_MEMORY : status == INPUT_END ? INPUT_OK : status;
}

enum input_status bare_text_read(const struct reviewd_text *text, struct input *input, struct arena *arena,
	struct buffer *ret_json, struct bare_text_problem *ret_problem)
{
	struct buffer words = { 0 }, id = { 0 };
	enum input_status status = read_all(input, &words);
	if (status == INPUT_OK && check_typed(text, ret_problem) && check_words(&words, arena, ret_problem) &&
		make_id(text, &id, ret_problem))
		write_bundle(ret_json, text, id.data, &words);
	if (id.failed || ret_json->failed || (ret_problem->pointer && !ret_problem->reason))
		status = INPUT_NO_MEMORY;
	buffer_deinit(&words);
	buffer_deinit(&id);
	return status;
}
