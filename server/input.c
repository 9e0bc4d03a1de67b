// SPDX-License-Identifier: MIT
#include "server/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* RFC 1952, section 2.3.1. The second byte can neither begin nor follow in UTF-8 there. */
static const unsigned char GZIP_MAGIC[] = { 0x1f, 0x8b };

/* For zlib: the window of gzip's format and no other. */
enum { GZIP_WINDOW = 16 + MAX_WBITS };

enum input_status input_open(struct input *input, const char *path, int stop_fd)
{
	struct stat found;
	*input = (struct input) { .fd = STDIN_FILENO, .stop_fd = stop_fd };
	if (strcmp(path, "-") != 0)
		input->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (input->fd < 0)
		return INPUT_UNREADABLE;
	if (fstat(input->fd, &found) == 0 && S_ISREG(found.st_mode))
		input->size = (uint64_t)found.st_size;
	input->block = malloc(INPUT_BLOCK_BYTES);
	if (!input->block) {
		input_close(input);
		return INPUT_NO_MEMORY;
	}
	return INPUT_OK;
}

void input_close(struct input *input)
{
	if (input->is_gzip)
		inflateEnd(&input->gzip);
	free(input->block);
	if (input->fd > STDIN_FILENO)
		close(input->fd);
	*input = (struct input) { .fd = -1 };
}

static enum input_status wait_for_input(const struct input *input)
{
	struct pollfd waits[] = { { .fd = input->fd, .events = POLLIN }, { .fd = input->stop_fd, .events = POLLIN } };
	while (poll(waits, input->stop_fd < 0 ? 1 : 2, -1) < 0) {
		if (errno != EINTR)
			return INPUT_UNREADABLE;
	}
	return input->stop_fd >= 0 && waits[1].revents ? INPUT_STOPPED : INPUT_OK;
}

/* Reads more behind what is left in the block. */
static enum input_status fill(struct input *input)
{
	z_stream *gzip = &input->gzip;
	if (input->at_end)
		return INPUT_END;
	if (gzip->avail_in)
		memmove(input->block, gzip->next_in, gzip->avail_in);
	gzip->next_in = input->block;
	ssize_t length;
	do {
		enum input_status status = wait_for_input(input);
		if (status != INPUT_OK)
			return status;
		length = read(input->fd, input->block + gzip->avail_in, INPUT_BLOCK_BYTES - gzip->avail_in);
	} while (length < 0 && (errno == EINTR || errno == EAGAIN));
	if (length < 0)
		return INPUT_UNREADABLE;
	input->at_end = length == 0;
	input->position += (uint64_t)length;
	gzip->avail_in += (unsigned)length;
	return length ? INPUT_OK : INPUT_END;
}

static bool begins_like_gzip(const struct input *input)
{
	return input->gzip.avail_in >= sizeof(GZIP_MAGIC) &&
	       memcmp(input->gzip.next_in, GZIP_MAGIC, sizeof(GZIP_MAGIC)) == 0;
}

/* At least two bytes, if there are so many. */
static enum input_status look_ahead(struct input *input)
{
	enum input_status status = INPUT_OK;
	while (input->gzip.avail_in < sizeof(GZIP_MAGIC) && status == INPUT_OK)
		status = fill(input);
	return status == INPUT_END && input->gzip.avail_in ? INPUT_OK : status;
}

static enum input_status start(struct input *input)
{
	enum input_status status = look_ahead(input);
	if (status != INPUT_OK)
		return status;
	input->started = true;
	if (!begins_like_gzip(input))
		return INPUT_OK;
	if (inflateInit2(&input->gzip, GZIP_WINDOW) != Z_OK)
		return INPUT_NO_MEMORY;
	input->is_gzip = input->in_member = true;
	return INPUT_OK;
}

static enum input_status damaged(struct input *input, const char *damage)
{
	input->damage = damage;
	return INPUT_DAMAGED;
}

/* Behind a member: another one, nothing, or the zeros that tapes and disks fill up with. */
static enum input_status next_member(struct input *input)
{
	z_stream *gzip = &input->gzip;
	enum input_status status = look_ahead(input);
	if (status != INPUT_OK)
		return status;
	if (begins_like_gzip(input)) {
		inflateReset(gzip);
		input->in_member = true;
		return INPUT_OK;
	}
	while (status == INPUT_OK) {
		for (; gzip->avail_in; gzip->next_in++, gzip->avail_in--) {
			if (*gzip->next_in)
				return damaged(input, "something that is not gzip follows the gzip data");
		}
		status = fill(input);
	}
	return status;
}

static enum input_status unpack(struct input *input, char *bytes, size_t capacity, size_t *ret_length)
{
	z_stream *gzip = &input->gzip;
	gzip->next_out = (unsigned char *)bytes;
	gzip->avail_out = capacity > INPUT_BLOCK_BYTES ? INPUT_BLOCK_BYTES : (unsigned)capacity;
	unsigned wanted = gzip->avail_out;
	while (gzip->avail_out == wanted) {
		enum input_status status = INPUT_OK;
		if (!input->in_member)
			status = next_member(input);
		else if (!gzip->avail_in)
			status = fill(input);
		if (status == INPUT_END && input->in_member)
			return damaged(input, "the gzip data ends too early");
		if (status != INPUT_OK)
			return status;
		int code = inflate(gzip, Z_NO_FLUSH);
		if (code == Z_MEM_ERROR)
			return INPUT_NO_MEMORY;
		if (code == Z_STREAM_END)
			input->in_member = false;
		else if (code != Z_OK && code != Z_BUF_ERROR)
			return damaged(input, "the gzip data is damaged");
	}
	*ret_length = wanted - gzip->avail_out;
	return INPUT_OK;
}

enum input_status input_read(struct input *input, char *bytes, size_t capacity, size_t *ret_length)
{
	z_stream *gzip = &input->gzip;
	enum input_status status = input->started ? INPUT_OK : start(input);
	if (status == INPUT_OK && input->is_gzip)
		return unpack(input, bytes, capacity, ret_length);
	if (status == INPUT_OK && !gzip->avail_in)
		status = fill(input);
	if (status != INPUT_OK)
		return status;
	size_t length = gzip->avail_in < capacity ? gzip->avail_in : capacity;
	memcpy(bytes, gzip->next_in, length);
	gzip->next_in += length;
	gzip->avail_in -= (unsigned)length;
	*ret_length = length;
	return INPUT_OK;
}
