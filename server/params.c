// SPDX-License-Identifier: MIT
#include "server/params.h"

#include <string.h>

#include "db/text/nearest.h"
#include "server/target.h"

/* The words of db/bundle.h, which no table may copy while it is constant, so they are written once more, and tested. */
static const char *const form_choices[] = { "direct", "indirect", "free-indirect", "reported", "pull", NULL };
static const char *const attribution_choices[] = { "stated", "inferred", "disputed", "unknown", NULL };
static const char *const include_choices[] = { "text", NULL };

const struct param_spec param_specs[PARAMS] = {
	[PARAM_ABOUT] = { "about", PARAM_TEXT, true, .about = "whom the quote is about: id, name or alias" },
	[PARAM_ADDRESSEE] = { "addressee", PARAM_TEXT, true, .about = "who is spoken to: id, name or alias" },
	[PARAM_ATTRIBUTION] = { "attribution", PARAM_CHOICE, true, .choices = attribution_choices,
		.about = "how sure it is who speaks" },
	[PARAM_CHARACTER] = { "character", PARAM_TEXT, true, .about = "the character who speaks: id, name or alias" },
	[PARAM_CURSOR] = { "cursor", PARAM_TEXT, false, .about = "where the page starts; comes with the page before" },
	[PARAM_FORM] = { "form", PARAM_CHOICE, true, .choices = form_choices, .about = "the form of the quote" },
	[PARAM_INCLUDE] = { "include", PARAM_CHOICE, true, .choices = include_choices,
		.about = "what a list carries besides: text, the reviews' texts" },
	[PARAM_LANGUAGE] = { "language", PARAM_TEXT, true,
		.about = "language of the review, BCP 47; nl takes nl-BE as well" },
	[PARAM_LIMIT] = { "limit", PARAM_NUMBER, false, 200, .about = "items on a page, 0 to 200" },
	[PARAM_PERSON] = { "person", PARAM_TEXT, true, .about = "the person who speaks: id, name or alias" },
	[PARAM_PRETTY] = { "pretty", PARAM_FLAG, false, .about = "1: JSON with line breaks" },
	[PARAM_REVIEW] = { "review", PARAM_TEXT, true, .about = "id of the review" },
	[PARAM_SPEAKER] = { "speaker", PARAM_TEXT, true, .about = "who speaks, of any kind: id, name or alias" },
	[PARAM_WORK] = { "work", PARAM_TEXT, true, .about = "id of the work the quote comes from" },
};

struct parsing {
	struct arena *arena;
	uint64_t takes;
	struct params *params;
	struct param_problem *problem;
};

static bool refuse(
	struct parsing *parsing, const char *code, const char *parameter, const char *detail, const char *nearest)
{
	*parsing->problem = (struct param_problem) { detail ? code : NULL, parameter, detail, nearest };
	return false;
}

static bool is_passed_over(const char *name)
{
	return !strncmp(name, "utm_", 4) || !strcmp(name, "fbclid") || !strcmp(name, "gclid");
}

static bool refuse_name(struct parsing *parsing, const char *name)
{
	struct nearest nearest = { .word = name };
	for (int p = 0; p < PARAMS; p++) {
		if (parsing->takes & PARAM_BIT(p))
			nearest_offer(&nearest, param_specs[p].name);
	}
	if (nearest.count)
		return refuse(parsing, "unknown-parameter", name,
			arena_printf(parsing->arena, "there is no parameter '%s' here; did you mean '%s'?", name,
				nearest.found[0]),
			nearest.found[0]);
	char *names = arena_strdup(parsing->arena, "");
	for (int p = 0; p < PARAMS && names; p++) {
		if (parsing->takes & PARAM_BIT(p))
			names = arena_printf(parsing->arena, "%s%s%s", names, *names ? ", " : "", param_specs[p].name);
	}
	return refuse(parsing, "unknown-parameter", name,
		names ? arena_printf(parsing->arena, "there is no parameter '%s' here; there are: %s", name, names)
		      : NULL,
		NULL);
}

static bool refuse_value(
	struct parsing *parsing, const struct param_spec *spec, const char *wanted, const char *nearest)
{
	return refuse(parsing, "invalid-parameter", spec->name,
		arena_printf(parsing->arena, "'%s' wants %s", spec->name, wanted), nearest);
}

static bool read_number(struct parsing *parsing, const struct param_spec *spec, const char *value, int64_t *ret_number)
{
	int64_t number = 0;
	for (const char *c = value; *c; c++) {
		if (*c < '0' || *c > '9' || number > spec->max)
			number = spec->max + 1;
		else
			number = number * 10 + (*c - '0');
	}
	if (!*value || number > spec->max)
		return refuse_value(parsing, spec,
			arena_printf(parsing->arena, "a whole number from 0 to %lld", (long long)spec->max), NULL);
	*ret_number = number;
	return true;
}

static bool read_choice(struct parsing *parsing, const struct param_spec *spec, const char *value, int64_t *ret_number)
{
	struct nearest nearest = { .word = value };
	char *list = arena_strdup(parsing->arena, "");
	for (int i = 0; spec->choices[i]; i++) {
		if (!strcmp(value, spec->choices[i])) {
			*ret_number = i;
			return true;
		}
		nearest_offer(&nearest, spec->choices[i]);
		list = list ? arena_printf(parsing->arena, "%s%s%s", list, i ? ", " : "", spec->choices[i]) : NULL;
	}
	return refuse_value(parsing, spec, list ? arena_printf(parsing->arena, "one of: %s", list) : "",
		nearest.count ? nearest.found[0] : NULL);
}

static bool read_flag(struct parsing *parsing, const struct param_spec *spec, const char *value, int64_t *ret_number)
{
	*ret_number = !*value || !strcmp(value, "1") || !strcmp(value, "true");
	if (*ret_number || !strcmp(value, "0") || !strcmp(value, "false"))
		return true;
	return refuse_value(parsing, spec, "0 or 1", NULL);
}

static bool read_value(struct parsing *parsing, const struct param_spec *spec, const char *value, int64_t *ret_number)
{
	*ret_number = 0;
	switch (spec->kind) {
	case PARAM_NUMBER:
		return read_number(parsing, spec, value, ret_number);
	case PARAM_CHOICE:
		return read_choice(parsing, spec, value, ret_number);
	case PARAM_FLAG:
		return read_flag(parsing, spec, value, ret_number);
	case PARAM_TEXT:
		break;
	}
	return *value ? true : refuse_value(parsing, spec, "a value", NULL);
}

static bool add_value(struct parsing *parsing, enum param param, const char *value)
{
	const struct param_spec *spec = &param_specs[param];
	struct param_values *values = &parsing->params->values[param];
	int64_t number;
	if (values->count && !spec->repeats)
		return refuse(parsing, "repeated-parameter", spec->name,
			arena_printf(parsing->arena, "'%s' is given more than once", spec->name), NULL);
	if (values->count == PARAM_VALUES_MAX)
		return refuse(parsing, "too-many-values", spec->name,
			arena_printf(parsing->arena, "'%s' is given more than %d times", spec->name, PARAM_VALUES_MAX),
			NULL);
	if (strlen(value) > PARAM_VALUE_BYTES_MAX)
		return refuse_value(parsing, spec, "at most 1024 bytes", NULL);
	if (!read_value(parsing, spec, value, &number))
		return false;
	const char **texts = arena_push(parsing->arena, values->texts, values->count, sizeof(*texts));
	int64_t *numbers = arena_push(parsing->arena, values->numbers, values->count, sizeof(*numbers));
	if (!texts || !numbers)
		return refuse(parsing, NULL, NULL, NULL, NULL);
	values->texts = texts;
	values->numbers = numbers;
	texts[values->count] = value;
	numbers[values->count++] = number;
	return true;
}

/* One `name=value`. */
static bool parse_pair(struct parsing *parsing, const char *pair, size_t length)
{
	const char *equals = memchr(pair, '=', length);
	size_t name_length = equals ? (size_t)(equals - pair) : length;
	size_t value_length = equals ? length - name_length - 1 : 0;
	const char *reason, *value_reason = NULL;
	const char *name = target_decode(pair, name_length, true, parsing->arena, &reason);
	const char *value =
		name ? target_decode(equals ? equals + 1 : "", value_length, true, parsing->arena, &value_reason)
		     : NULL;
	if (!name && reason)
		return refuse(parsing, "malformed-query", NULL,
			arena_printf(parsing->arena, "the name of a parameter is malformed: %s", reason), NULL);
	if (!name)
		return refuse(parsing, NULL, NULL, NULL, NULL);
	if (is_passed_over(name))
		return true;
	if (!value)
		return refuse(parsing, "malformed-query", name,
			value_reason
				? arena_printf(parsing->arena, "the value of '%s' is malformed: %s", name, value_reason)
				: NULL,
			NULL);
	for (int p = 0; p < PARAMS; p++) {
		if ((parsing->takes & PARAM_BIT(p)) && !strcmp(name, param_specs[p].name))
			return add_value(parsing, (enum param)p, value);
	}
	return refuse_name(parsing, name);
}

bool params_parse(const char *query, uint64_t takes, struct arena *arena, struct params *ret_params,
	struct param_problem *ret_problem)
{
	struct parsing parsing = { .arena = arena, .takes = takes, .params = ret_params, .problem = ret_problem };
	*ret_params = (struct params) { 0 };
	for (const char *c = query; c && *c;) {
		size_t length = strcspn(c, "&");
		if (length && !parse_pair(&parsing, c, length))
			return false;
		c += length + (c[length] == '&');
	}
	return true;
}

int64_t param_number(const struct params *params, enum param param, int64_t otherwise)
{
	const struct param_values *values = &params->values[param];
	return values->count ? values->numbers[0] : otherwise;
}

const char *param_text(const struct params *params, enum param param)
{
	const struct param_values *values = &params->values[param];
	return values->count ? values->texts[0] : NULL;
}
