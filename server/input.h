// SPDX-License-Identifier: MIT
/* The bytes of a file or of standard input; what gzip has packed, one member or several, is unpacked on the way. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zlib.h>

enum { INPUT_BLOCK_BYTES = 128 * 1024 };

enum input_status {
	INPUT_OK,
	INPUT_END,
	INPUT_STOPPED,    /* `stop_fd` says so */
	INPUT_UNREADABLE, /* errno tells */
	INPUT_DAMAGED,    /* it is gzip and not whole: input.damage tells */
	INPUT_NO_MEMORY
};

struct input {
	int fd;
	int stop_fd;       /* when this one can be read, waiting for input ends; -1 for never */
	uint64_t position; /* bytes read of the file, as it lies on the disk */
	uint64_t size;     /* of the file; 0 when that is not known beforehand */
	const char *damage;
	bool started, is_gzip, in_member, at_end;
	z_stream gzip;
	unsigned char *block; /* bytes read and not yet given out: those of gzip.next_in */
};

/* Opens the file, or for "-" standard input. INPUT_UNREADABLE, INPUT_NO_MEMORY. */
enum input_status input_open(struct input *input, const char *path, int stop_fd);
void input_close(struct input *input);

/*
 * Gives out up to `capacity` bytes, at least one with INPUT_OK. What kind of file it is shows in the first two bytes:
 * no text and no JSON begins like gzip.
 */
enum input_status input_read(struct input *input, char *bytes, size_t capacity, size_t *ret_length);
