// SPDX-License-Identifier: MIT
#include "server/json/out_value.h"

static void out_members(struct out *out, const json_t *object)
{
	/* The library's iterator is for changing as well, so it takes no const. */
	json_t *members = (json_t *)(uintptr_t)object;
	out_object_begin(out);
	for (void *i = json_object_iter(members); i; i = json_object_iter_next(members, i)) {
		out_key(out, json_object_iter_key(i));
		out_value(out, json_object_iter_value(i));
	}
	out_object_end(out);
}

void out_value(struct out *out, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		out_members(out, value);
		break;
	case JSON_ARRAY:
		out_array_begin(out);
		for (size_t i = 0; i < json_array_size(value); i++)
			out_value(out, json_array_get(value, i));
		out_array_end(out);
		break;
	case JSON_STRING:
		out_string_n(out, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		out_int(out, json_integer_value(value));
		break;
	case JSON_REAL:
		out_real(out, json_real_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		out_bool(out, json_is_true(value));
		break;
	case JSON_NULL:
		out_null(out);
		break;
	}
}
