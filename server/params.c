// SPDX-License-Identifier: MIT
#include "server/params.h"

#include <string.h>

#include "db/text/date.h"
#include "db/text/nearest.h"
#include "db/text/time.h"
#include "server/target.h"

/* The words of db/bundle.h, and of enum offset_unit, which no table may copy while it is constant, so they are written
 * once more, and tested. */
static const char *const form_choices[] = { "direct", "indirect", "free-indirect", "reported", "pull", NULL };
static const char *const attribution_choices[] = { "stated", "inferred", "disputed", "unknown", NULL };
static const char *const offsets_choices[] = { "codepoint", "utf16", "byte", NULL };
static const char *const match_choices[] = { "forms", "exact", NULL };

static const char *const include_choices[] = { "review", "text", "work", NULL };
static const char *const sort_choices[] = { "added", "id", "length", "name", "published", "random", "reviewer", "title",
	"updated", NULL };
static const char *const by_choices[] = { "about", "addressee", "attribution", "character", "form", "language",
	"person", "review", "reviewer", "speaker", "spoiler", "work", NULL };

/* Numbers that every JSON reader keeps exact (RFC 8259, section 6). */
static const int64_t exact_max = 9007199254740991;

const struct param_spec param_specs[PARAMS] = {
	[PARAM_ABOUT] = { "about", PARAM_TEXT, true, .about = "whom the quote is about: id, name or alias",
		.example = "rosa-klebb" },
	[PARAM_ADDRESSEE] = { "addressee", PARAM_TEXT, true, .about = "who is spoken to: id, name or alias",
		.example = "the-worried-fan" },
	[PARAM_ATTRIBUTION] = { "attribution", PARAM_CHOICE, true, .choices = attribution_choices,
		.otherwise = PARAM_ABSENT, .about = "how sure it is who speaks", .example = "inferred" },
	[PARAM_BY] = { "by", PARAM_CHOICE, true, .choices = by_choices, .otherwise = PARAM_ABSENT,
		.about = "what is counted by", .example = "character" },
	[PARAM_CHARACTER] = { "character", PARAM_TEXT, true,
		.about = "the character who speaks, or who stands there: id, name or alias", .example = "Kerim Bey" },
	[PARAM_CHARS] = { "chars", PARAM_NUMBER, false, .max = 2000, .otherwise = 200,
		.about = "code points of text on either side, 0 to 2000", .example = "40" },
	[PARAM_CURSOR] = { "cursor", PARAM_TEXT, false, .about = "where the page starts; comes with the page before" },
	[PARAM_DATE] = { "date", PARAM_DAY, false, .about = "the day, 2026-11-25; today (UTC) unless given",
		.example = "2026-11-25" },
	[PARAM_DRY_RUN] = { "dry_run", PARAM_FLAG, false, .about = "1: tell what would happen and store nothing",
		.example = "1" },
	[PARAM_FIELDS] = { "fields", PARAM_NAMES, true,
		.about = "the only members to give of each object, with commas between them; review.id is one inside "
			 "another",
		.example = "id" },
	[PARAM_FORM] = { "form", PARAM_CHOICE, true, .choices = form_choices, .otherwise = PARAM_ABSENT,
		.about = "the form of the quote", .example = "direct" },
	[PARAM_INCLUDE] = { "include", PARAM_CHOICE, true, .choices = include_choices, .otherwise = PARAM_ABSENT,
		.about = "what is given whole: text, the texts of reviews; review and work, those of a quote",
		.example = "work" },
	[PARAM_LANGUAGE] = { "language", PARAM_TEXT, true,
		.about = "language of the review, or of the work in a list of works, BCP 47; nl takes nl-BE as well",
		.example = "nl" },
	[PARAM_LIMIT] = { "limit", PARAM_NUMBER, false, .max = 200, .otherwise = 20,
		.about = "items on a page, 0 to 200", .example = "5" },
	[PARAM_MATCH] = { "match", PARAM_CHOICE, false, .choices = match_choices, .otherwise = 0,
		.about = "forms: a word of q also finds its other forms, in Dutch, English and German texts; exact: it "
			 "does not",
		.example = "exact" },
	[PARAM_MAX_LENGTH] = { "max_length", PARAM_NUMBER, false, .max = exact_max, .otherwise = PARAM_ABSENT,
		.about = "code points at most: of the quote's text as it is given, or of the review's text",
		.example = "200" },
	[PARAM_MIN_LENGTH] = { "min_length", PARAM_NUMBER, false, .max = exact_max, .otherwise = PARAM_ABSENT,
		.about = "code points at least: of the quote's text as it is given, or of the review's text",
		.example = "100" },
	[PARAM_OFFSETS] = { "offsets", PARAM_CHOICE, false, .choices = offsets_choices, .otherwise = 0,
		.about = "what the offsets of spans count: code points, UTF-16 units or bytes of UTF-8",
		.example = "utf16" },
	[PARAM_PERSON] = { "person", PARAM_TEXT, true,
		.about = "the person who speaks, who stands there, or who made the work: id, name or alias",
		.example = "john-f-kennedy" },
	[PARAM_PRETTY] = { "pretty", PARAM_FLAG, false, .otherwise = 0, .about = "1: JSON with line breaks",
		.example = "1" },
	[PARAM_PUBLISHED_FROM] = { "published_from", PARAM_EDTF, false,
		.about =
			"first day on which the review, or in a list of works the work, may have been published; EDTF: "
			"1957, 1957-04-08, 1956-21",
		.example = "1957" },
	[PARAM_PUBLISHED_TO] = { "published_to", PARAM_EDTF, false,
		.about = "last day on which the review, or in a list of works the work, may have been published; EDTF",
		.example = "1957" },
	[PARAM_Q] = { "q", PARAM_TEXT, false,
		.about = "words to find, without case, accents and punctuation: word, \"a phrase\", begin* (from three "
			 "letters on), -word; the first 16 words count, and without a word nothing is found",
		.example = "grafsteen" },
	[PARAM_REVIEW] = { "review", PARAM_TEXT, true, .about = "id of the review",
		.example = "from-russia-with-love-nl" },
	[PARAM_REVIEWER] = { "reviewer", PARAM_TEXT, true, .about = "name of the reviewer" },
	[PARAM_SEED] = { "seed", PARAM_TEXT, false, .about = "any word; the same one gives the same again",
		.example = "7" },
	[PARAM_SINCE] = { "since", PARAM_NUMBER, false, .max = exact_max, .otherwise = 0,
		.about = "the revision up to which all is known; 0: from the start", .example = "0" },
	[PARAM_SORT] = { "sort", PARAM_CHOICE, false, .turns = true, .choices = sort_choices, .otherwise = PARAM_ABSENT,
		.about = "what the list is sorted by; with - in front the other way around", .example = "-updated" },
	[PARAM_SPEAKER] = { "speaker", PARAM_TEXT, true, .about = "who speaks, of any kind: id, name or alias",
		.example = "darko-kerim-bey" },
	[PARAM_SPOILER] = { "spoiler", PARAM_FLAG, false, .otherwise = PARAM_ABSENT,
		.about = "1: only what gives the plot away, 0: nothing that does", .example = "0" },
	[PARAM_PASSAGE] = { "text", PARAM_TEXT, false, .about = "the passage to verify",
		.example = "Maar ik leef te gulzig" },
	[PARAM_UPDATED_SINCE] = { "updated_since", PARAM_TIME, false,
		.about = "the review was changed then or later: 2026-11-25T02:10:00Z, or a day alone",
		.example = "2026-01-01" },
	[PARAM_WAIT] = { "wait", PARAM_NUMBER, false, .max = 60, .otherwise = 0,
		.about = "how many seconds to wait for a change when there is none yet, 0 to 60; the answer is not "
			 "kept by caches",
		.example = "10" },
	[PARAM_WORK] = { "work", PARAM_TEXT, true,
		.about = "id of the work: the quote comes from it, the review is of it, the mention is of it",
		.example = "from-russia-with-love" },
};

struct parsing {
	struct arena *arena;
	const struct param_scope *scope;
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
		if (parsing->scope->takes & PARAM_BIT(p))
			nearest_offer(&nearest, param_specs[p].name);
	}
	if (nearest.count)
		return refuse(parsing, "unknown-parameter", name,
			arena_printf(parsing->arena, "there is no parameter '%s' here; did you mean '%s'?", name,
				nearest.found[0]),
			nearest.found[0]);
	char *names = arena_strdup(parsing->arena, "");
	for (int p = 0; p < PARAMS && names; p++) {
		if (parsing->scope->takes & PARAM_BIT(p))
			names = arena_printf(parsing->arena, "%s%s%s", names, *names ? ", " : "", param_specs[p].name);
	}
	return refuse(parsing, "unknown-parameter", name,
		!names   ? NULL
		: *names ? arena_printf(parsing->arena, "there is no parameter '%s' here; there are: %s", name, names)
			 : arena_printf(parsing->arena, "there is no parameter '%s' here, nor any other", name),
		NULL);
}

/* `wanted` is NULL when memory ran out. */
static bool refuse_value(
	struct parsing *parsing, const struct param_spec *spec, const char *wanted, const char *nearest)
{
	return refuse(parsing, "invalid-parameter", spec->name,
		wanted ? arena_printf(parsing->arena, "'%s' wants %s", spec->name, wanted) : NULL, nearest);
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

bool param_has_choice(const struct param_scope *scope, const struct param_spec *spec, size_t choice)
{
	unsigned here = spec == &param_specs[PARAM_INCLUDE] ? scope->includes
			: spec == &param_specs[PARAM_SORT]  ? scope->sorts
							    : ~0u;
	return (here & CHOICE_BIT(choice)) != 0;
}

bool param_turns_choice(const struct param_spec *spec, size_t choice)
{
	/* There is no other way around in no order. */
	return spec->turns && choice != SORT_RANDOM;
}

static bool refuse_choice(struct parsing *parsing, const struct param_spec *spec, const char *value)
{
	struct nearest nearest = { .word = value };
	char *list = arena_strdup(parsing->arena, "");
	for (int i = 0; spec->choices[i]; i++) {
		if (!param_has_choice(parsing->scope, spec, (size_t)i))
			continue;
		nearest_offer(&nearest, spec->choices[i]);
		list = list ? arena_printf(parsing->arena, "%s%s%s", list, *list ? ", " : "", spec->choices[i]) : NULL;
	}
	return refuse_value(parsing, spec,
		list ? arena_printf(parsing->arena, "one of: %s%s", list,
			       spec->turns ? "; with '-' in front, but for random, the other way around" : "")
		     : NULL,
		nearest.count ? nearest.found[0] : NULL);
}

static bool read_choice(struct parsing *parsing, const struct param_spec *spec, const char *value, int64_t *ret_number)
{
	bool turned = spec->turns && *value == '-';
	for (int i = 0; spec->choices[i]; i++) {
		if (!strcmp(value + turned, spec->choices[i]) && param_has_choice(parsing->scope, spec, (size_t)i) &&
			(!turned || param_turns_choice(spec, (size_t)i))) {
			*ret_number = turned ? i | SORT_DESCENDING : i;
			return true;
		}
	}
	return refuse_choice(parsing, spec, value);
}

static bool read_flag(struct parsing *parsing, const struct param_spec *spec, const char *value, int64_t *ret_number)
{
	*ret_number = !*value || !strcmp(value, "1") || !strcmp(value, "true");
	if (*ret_number || !strcmp(value, "0") || !strcmp(value, "false"))
		return true;
	return refuse_value(parsing, spec, "0 or 1", NULL);
}

/* One of the names that the path knows. */
static bool read_name(struct parsing *parsing, const struct param_spec *spec, const char *value)
{
	for (const char *const *name = parsing->scope->fields; *name; name++) {
		if (!strcmp(*name, value))
			return true;
	}
	struct nearest nearest = { .word = value };
	for (const char *const *name = parsing->scope->fields; *name; name++)
		nearest_offer(&nearest, *name);
	return refuse(parsing, "invalid-parameter", spec->name,
		nearest.count ? arena_printf(parsing->arena, "there is no field '%s' here; did you mean '%s'?", value,
					nearest.found[0])
			      : arena_printf(parsing->arena, "there is no field '%s' here", value),
		nearest.count ? nearest.found[0] : NULL);
}

static bool read_value(struct parsing *parsing, const struct param_spec *spec, const char *value, int64_t *ret_number)
{
	int64_t last;
	*ret_number = 0;
	switch (spec->kind) {
	case PARAM_NUMBER:
		return read_number(parsing, spec, value, ret_number);
	case PARAM_CHOICE:
		return read_choice(parsing, spec, value, ret_number);
	case PARAM_FLAG:
		return read_flag(parsing, spec, value, ret_number);
	case PARAM_NAMES:
		return read_name(parsing, spec, value);
	case PARAM_EDTF:
		return edtf_parse(value, strlen(value), ret_number, &last) ||
		       refuse_value(parsing, spec, "a date such as 1957, 1957-04-08, 195X or 1956-21 (EDTF)", NULL);
	case PARAM_TIME:
		return time_parse(value, strlen(value), ret_number) ||
		       refuse_value(parsing, spec, "a time such as 2026-11-25T02:10:00Z, or a day", NULL);
	case PARAM_DAY:
		return time_parse_day(value, strlen(value)) ||
		       refuse_value(parsing, spec, "a day such as 2026-11-25", NULL);
	case PARAM_TEXT:
		break;
	}
	return *value ? true : refuse_value(parsing, spec, "a value", NULL);
}

static bool keep_value(struct param_values *values, const char *value, int64_t number, struct arena *arena)
{
	const char **texts = arena_push(arena, values->texts, values->count, sizeof(*texts));
	int64_t *numbers = arena_push(arena, values->numbers, values->count, sizeof(*numbers));
	if (!texts || !numbers)
		return false;
	values->texts = texts;
	values->numbers = numbers;
	texts[values->count] = value;
	numbers[values->count++] = number;
	return true;
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
	return keep_value(values, value, number, parsing->arena) || refuse(parsing, NULL, NULL, NULL, NULL);
}

/* Each name of a list is a value. */
static bool add_values(struct parsing *parsing, enum param param, const char *value)
{
	if (param_specs[param].kind != PARAM_NAMES)
		return add_value(parsing, param, value);
	for (const char *c = value;; c++) {
		size_t length = strcspn(c, ",");
		const char *name = arena_strndup(parsing->arena, c, length);
		if (!name)
			return refuse(parsing, NULL, NULL, NULL, NULL);
		if (!add_value(parsing, param, name))
			return false;
		c += length;
		if (!*c)
			return true;
	}
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
		if ((parsing->scope->takes & PARAM_BIT(p)) && !strcmp(name, param_specs[p].name))
			return add_values(parsing, (enum param)p, value);
	}
	return refuse_name(parsing, name);
}

bool params_parse(const char *query, const struct param_scope *scope, struct arena *arena, struct params *ret_params,
	struct param_problem *ret_problem)
{
	struct parsing parsing = { .arena = arena, .scope = scope, .params = ret_params, .problem = ret_problem };
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

unsigned param_choices(const struct params *params, enum param param)
{
	const struct param_values *values = &params->values[param];
	unsigned choices = 0;
	for (size_t i = 0; i < values->count; i++)
		choices |= CHOICE_BIT(values->numbers[i]);
	return choices;
}

enum sort_key param_sort(const struct params *params, enum sort_key otherwise, bool *ret_descending)
{
	int64_t sort = param_number(params, PARAM_SORT, otherwise);
	*ret_descending = (sort & SORT_DESCENDING) != 0;
	return (enum sort_key)(sort & ~(int64_t)SORT_DESCENDING);
}

bool param_set(struct params *params, enum param param, const char *value, struct arena *arena)
{
	params->values[param] = (struct param_values) { 0 };
	return keep_value(&params->values[param], value, 0, arena);
}
