// SPDX-License-Identifier: MIT
#include "db/text/nearest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "db/text/utf8.h"

/* Longer words are no typing mistakes of one another; they are compared by their beginning only. */
enum { COMPARED_MAX = 256, PREFIX_MIN = 3, EDIT_SHARE = 3 };

struct letters {
	uint32_t at[COMPARED_MAX];
	size_t count; /* of the whole word, even where only the first COMPARED_MAX are kept */
};

static void letters_read(struct letters *letters, const char *word)
{
	size_t length = strlen(word);
	letters->count = 0;
	for (size_t i = 0; i < length; letters->count++) {
		uint32_t letter = utf8_next(word, length, &i);
		if (letter >= 'A' && letter <= 'Z')
			letter += 'a' - 'A';
		if (letters->count < COMPARED_MAX)
			letters->at[letters->count] = letter;
	}
}

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Insertions, deletions, replacements and swaps of neighbours, no part edited twice. Three rows of the table are
 * kept: the swap looks two rows back.
 */
static unsigned edit_distance(const struct letters *a, const struct letters *b)
{
	unsigned rows[3][COMPARED_MAX + 1];
	for (size_t j = 0; j <= b->count; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a->count; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3];
		const unsigned *above_two = rows[(i + 1) % 3];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b->count; j++) {
			unsigned replaced = above[j - 1] + (a->at[i - 1] != b->at[j - 1]);
			row[j] = smaller(replaced, smaller(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a->at[i - 1] == b->at[j - 2] && a->at[i - 2] == b->at[j - 1])
				row[j] = smaller(row[j], above_two[j - 2] + 1);
		}
	}
	return rows[a->count % 3][b->count];
}

static bool is_close(const struct letters *a, const struct letters *b, unsigned *ret_distance)
{
	const struct letters *shorter = a->count < b->count ? a : b;
	const struct letters *longer = shorter == a ? b : a;
	size_t difference = longer->count - shorter->count;
	size_t allowed = longer->count / EDIT_SHARE;
	if (allowed < 1)
		allowed = 1;

	if (shorter->count >= PREFIX_MIN && shorter->count <= COMPARED_MAX &&
		memcmp(shorter->at, longer->at, shorter->count * sizeof(shorter->at[0])) == 0) {
		*ret_distance = (unsigned)difference;
		return true;
	}
	if (longer->count > COMPARED_MAX || difference > allowed)
		return false;
	unsigned distance = edit_distance(shorter, longer);
	if (distance > allowed)
		return false;
	*ret_distance = distance;
	return true;
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	struct letters word, offered;
	unsigned distance;
	for (size_t i = 0; i < nearest->count; i++) {
		if (strcmp(nearest->found[i], candidate) == 0)
			return;
	}
	letters_read(&word, nearest->word);
	letters_read(&offered, candidate);
	if (!is_close(&word, &offered, &distance))
		return;

	size_t place = nearest->count;
	while (place && nearest->distance[place - 1] > distance)
		place--;
	if (place == NEAREST_MAX)
		return;
	if (nearest->count < NEAREST_MAX)
		nearest->count++;
	for (size_t i = nearest->count - 1; i > place; i--) {
		nearest->found[i] = nearest->found[i - 1];
		nearest->distance[i] = nearest->distance[i - 1];
	}
	nearest->found[place] = candidate;
	nearest->distance[place] = distance;
}
