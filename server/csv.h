// SPDX-License-Identifier: MIT
/*
 * Lists as CSV (RFC 4180): UTF-8, a header line, CR LF, one row for each item.
 *
 * The columns are the members of the item as JSON, those of an object inside it with its name and a dot in front. What
 * is null or missing is an empty cell. Several values in one cell are joined by `|`, those that are null included, so
 * that the n-th of `speakers.id` belongs to the n-th of `speakers.name`; no id has that character.
 *
 * Cells are the words of the store, also where a spreadsheet would take them for a formula (`=`, `+`, `-`, `@`): a mark
 * in front would make another text of it. Whoever opens a list in a spreadsheet imports its columns as text.
 */
#pragma once

#include "db/text/buffer.h"

/* Turns a buffer of JSON objects, one a line, into rows of `columns`, which end with NULL. */
void csv_from_lines(struct buffer *buffer, const char *const *columns);
