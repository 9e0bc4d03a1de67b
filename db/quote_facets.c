// SPDX-License-Identifier: MIT
#include "db/quote_facets.h"

#include <stdlib.h>
#include <string.h>

#include "db/quote_plan.h"

/* No enumeration of a quote has more. */
enum { NUMBERS_MAX = 8 };

enum { COLUMN_ID, COLUMN_NAME, COLUMN_QUOTES };

#define KIND_BIT(kind) (1 << (kind))
enum { ALL_KINDS = KIND_BIT(AGENT_KINDS) - 1 };

static const char *const spoiler_names[] = { "0", "1" };

#define AGENTS(of_role, of_kinds)                                                                                      \
	{                                                                                                              \
		.head = FRAGMENT_FACET_HEAD_AGENTS, .has = FRAGMENT_FACET_IS_ROLE, .tail = FRAGMENT_FACET_TAIL_AGENTS, \
		.role = (of_role), .kinds = (of_kinds)                                                                 \
	}
#define VALUES(its_head, its_has, its_needs, its_names)                                                         \
	{                                                                                                       \
		.head = (its_head), .has = (its_has), .tail = FRAGMENT_FACET_TAIL_VALUES, .needs = (its_needs), \
		.names = (its_names)                                                                            \
	}

static const struct facet_sql {
	enum fragment_id head, has, tail;
	unsigned needs;
	const char *const *names; /* of values that are numbers */
	enum quote_role role;     /* of agents */
	int kinds;                /* of agents; 0: it is not about agents */
} facets[] = {
	[FACET_ABOUT] = AGENTS(ROLE_ABOUT, ALL_KINDS),
	[FACET_ADDRESSEE] = AGENTS(ROLE_ADDRESSEE, ALL_KINDS),
	[FACET_ATTRIBUTION] = VALUES(FRAGMENT_FACET_HEAD_ATTRIBUTIONS, FRAGMENT_NONE, NEEDS_QUOTE, attribution_names),
	[FACET_CHARACTER] = AGENTS(ROLE_SPEAKER, KIND_BIT(AGENT_CHARACTER)),
	[FACET_FORM] = VALUES(FRAGMENT_FACET_HEAD_FORMS, FRAGMENT_NONE, NEEDS_QUOTE, quote_form_names),
	[FACET_LANGUAGE] = VALUES(FRAGMENT_FACET_HEAD_LANGUAGES, FRAGMENT_FACET_HAS_LANGUAGE, NEEDS_REVIEW, NULL),
	[FACET_PERSON] = AGENTS(ROLE_SPEAKER, KIND_BIT(AGENT_PERSON)),
	[FACET_REVIEW] = { .head = FRAGMENT_FACET_HEAD_REVIEWS, .tail = FRAGMENT_FACET_TAIL_REVIEWS },
	[FACET_REVIEWER] = VALUES(FRAGMENT_FACET_HEAD_REVIEWERS, FRAGMENT_FACET_HAS_REVIEWER, NEEDS_REVIEW, NULL),
	[FACET_SPEAKER] = AGENTS(ROLE_SPEAKER, ALL_KINDS),
	[FACET_SPOILER] = VALUES(FRAGMENT_FACET_HEAD_SPOILERS, FRAGMENT_NONE, NEEDS_QUOTE, spoiler_names),
	[FACET_WORK] = { .head = FRAGMENT_FACET_HEAD_WORKS,
		.has = FRAGMENT_FACET_HAS_WORK,
		.tail = FRAGMENT_FACET_TAIL_WORKS,
		.needs = NEEDS_QUOTE },
};

/* Quotes of agents are found without the quotes, where nothing is asked of these. */
static void add_agents(const struct quote_plan *plan, struct assembly *assembly)
{
	if (plan->source != FROM_QUOTES || quote_plan_is_on_traits(plan)) {
		quote_plan_add_all(plan, 0, FRAGMENT_FACET_JOIN_AGENTS, assembly);
	} else if (quote_plan_is_on_reviews(plan)) {
		assembly_add(assembly, FRAGMENT_FACET_FROM_AGENTS_OF_REVIEWS);
		quote_plan_add_tests(plan, assembly);
	} else {
		assembly_add(assembly, FRAGMENT_FACET_FROM_AGENTS);
		quote_plan_add_tests(plan, assembly);
	}
}

/* Works are read along their index where all quotes are counted. */
static void add_quotes(const struct quote_plan *plan, unsigned needs, struct assembly *assembly)
{
	if (plan->given)
		quote_plan_add_all(plan, needs, FRAGMENT_NONE, assembly);
	else
		quote_plan_add(plan, FROM_ALL_WORKS, needs, FRAGMENT_NONE, assembly);
}

static void assemble(const struct quote_plan *plan, enum quote_facet facet, size_t limit, struct assembly *assembly)
{
	const struct facet_sql *sql = &facets[facet];
	bool by_review = facet == FACET_REVIEW;
	unsigned needs = sql->needs | (by_review ? NEEDS_REVIEW : 0);
	bool summed = quote_plan_is_summed(plan, &needs) && !sql->kinds && facet != FACET_WORK;
	*assembly = plan->bound;
	assembly_add(assembly, summed && by_review ? FRAGMENT_FACET_HEAD_WHOLE_REVIEWS : sql->head);
	if (summed) {
		assembly_add(
			assembly, needs & NEEDS_QUOTE ? FRAGMENT_FACET_SUM_OF_TRAITS : FRAGMENT_FACET_SUM_OF_REVIEWS);
		quote_plan_add_summed(plan, needs, assembly);
		assembly_add_condition(assembly, needs & NEEDS_QUOTE ? FRAGMENT_NONE : FRAGMENT_FACET_HAS_QUOTES);
	} else {
		assembly_add(assembly, quote_plan_repeats(plan) ? FRAGMENT_FACET_COUNT_DISTINCT : FRAGMENT_FACET_COUNT);
		if (sql->kinds)
			add_agents(plan, assembly);
		else
			add_quotes(plan, sql->needs, assembly);
	}
	assembly_add_condition(assembly, sql->has);
	assembly->recipe.tail = (uint16_t)sql->tail;
	assembly_bind_int(assembly, ":facet_role", sql->role);
	assembly_bind_int(assembly, ":facet_kinds", sql->kinds);
	assembly_bind_int(assembly, ":limit", (int64_t)limit);
}

static int compare_values(const void *first, const void *second)
{
	const struct facet_value *a = first, *b = second;
	return a->quotes != b->quotes ? (a->quotes < b->quotes) - (a->quotes > b->quotes) : strcmp(a->id, b->id);
}

enum db_status quote_facet_values(struct db *db, const struct quote_filter *filter, enum quote_facet facet,
	size_t limit, struct arena *arena, struct facet_values *ret_values)
{
	const char *const *names = facets[facet].names;
	struct quote_plan plan;
	struct assembly assembly;
	/* Of the few values that are numbers all are read, and then sorted by their names. */
	size_t read = names ? NUMBERS_MAX : limit;
	struct facet_values values = { .items = arena_array(arena, read, sizeof(*values.items)) };
	enum db_status status = values.items ? quote_plan_make(db, filter, arena, &plan) : DB_NO_MEMORY;
	if (status != DB_OK)
		return status;
	assemble(&plan, facet, read, &assembly);
	STMT_LEASE struct stmt *stmt = NULL;
	status = assembly_open(db, &assembly, "quote_facet", &stmt);
	while (status == DB_OK && (status = stmt_step(stmt)) == DB_OK) {
		values.items[values.count++] = (struct facet_value) {
			.id = names ? names[stmt_int(stmt, COLUMN_ID)] : stmt_copy(stmt, COLUMN_ID, arena),
			.name = stmt_copy(stmt, COLUMN_NAME, arena),
			.quotes = stmt_int(stmt, COLUMN_QUOTES),
		};
		status = stmt_row_status(stmt);
	}
	if (names)
		qsort(values.items, values.count, sizeof(*values.items), compare_values);
	if (values.count > limit)
		values.count = limit;
	if (status == DB_NOT_FOUND)
		*ret_values = values;
	return status == DB_NOT_FOUND ? DB_OK : status;
}
