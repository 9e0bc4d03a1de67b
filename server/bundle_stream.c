// SPDX-License-Identifier: MIT
#include "server/bundle_stream.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/clock.h"
#include "db/text/text_words.h"
#include "server/bare_text.h"
#include "server/documents.h"
#include "server/input.h"

/* With the caller, ready, and being read: some are long, and neither side is to wait for the other because of one.
 * Where all are long, more than so many would only be more memory. */
enum { SLOTS = 6, SLOTS_LONG = 3, SLOTS_BYTES = 2 * 1024 * 1024 };

/* The words of a longer text would take too much memory, with others under way: twice its bytes. */
enum { WORDS_TEXT_BYTES_MAX = 512 * 1024 };

struct bundle_stream {
	const struct reviewd_import_options *options;
	pthread_t thread;
	int stop_fd; /* can be read as soon as the stream is to be closed */
	uint64_t input_bytes;
	uint64_t files_read; /* bytes of the files that are done */
	struct text_words_finder words;
	bool ended;            /* the last slot has been filled, or the stream is to be closed */
	pthread_mutex_t mutex; /* for what follows */
	pthread_cond_t moved;
	size_t filled, taken; /* slots ever */
	size_t bytes;         /* of JSON, in those that are filled and not taken */
	bool stopped, held;   /* `held`: the caller has a slot */
	struct streamed slots[SLOTS];
};

static void free_stream(struct bundle_stream *stream)
{
	for (size_t i = 0; i < SLOTS; i++)
		arena_deinit(&stream->slots[i].arena);
	text_words_finder_deinit(&stream->words);
	pthread_cond_destroy(&stream->moved);
	pthread_mutex_destroy(&stream->mutex);
	if (stream->stop_fd >= 0)
		close(stream->stop_fd);
	free(stream);
}

static bool is_far_ahead(const struct bundle_stream *stream)
{
	size_t slots = stream->filled - stream->taken;
	return slots == SLOTS || (slots >= SLOTS_LONG && stream->bytes > SLOTS_BYTES);
}

/* A free slot; NULL when the stream is to be closed. */
static struct streamed *begin_slot(struct bundle_stream *stream, const char *file)
{
	pthread_mutex_lock(&stream->mutex);
	while (is_far_ahead(stream) && !stream->stopped)
		pthread_cond_wait(&stream->moved, &stream->mutex);
	stream->ended |= stream->stopped;
	pthread_mutex_unlock(&stream->mutex);
	if (stream->ended)
		return NULL;
	struct streamed *slot = &stream->slots[stream->filled % SLOTS];
	*slot = (struct streamed) { .arena = slot->arena, .file = file };
	return slot;
}

static void finish_slot(struct bundle_stream *stream, const struct streamed *slot)
{
	stream->ended = slot->kind == STREAMED_END || slot->kind == STREAMED_NO_MEMORY;
	pthread_mutex_lock(&stream->mutex);
	stream->filled++;
	stream->bytes += slot->json_bytes;
	pthread_cond_broadcast(&stream->moved);
	pthread_mutex_unlock(&stream->mutex);
}

static void refuse(struct streamed *slot, const char *pointer, const char *reason)
{
	struct bundle_problem *problem = reason ? arena_array(&slot->arena, 1, sizeof(*problem)) : NULL;
	slot->kind = problem ? STREAMED_REFUSED : STREAMED_NO_MEMORY;
	if (!problem)
		return;
	*problem = (struct bundle_problem) { .pointer = pointer, .reason = reason };
	slot->problems = (struct bundle_problems) { .items = problem, .count = 1 };
}

/* Words that are not found here the store finds. */
static void find_words(struct bundle_stream *stream, struct streamed *slot)
{
	struct bundle *bundle = &slot->bundle;
	if (bundle->text_bytes <= WORDS_TEXT_BYTES_MAX && !stream->options->no_index && !stream->options->dry_run)
		bundle->words = text_words_find(&stream->words, bundle->text, bundle->text_bytes, &slot->arena);
}

static void read_bundle(struct bundle_stream *stream, struct streamed *slot, const char *json, size_t length)
{
	static const enum streamed_kind kinds[] = { [BUNDLE_READ_OK] = STREAMED_BUNDLE,
		[BUNDLE_READ_INVALID] = STREAMED_REFUSED,
		[BUNDLE_READ_NOT_JSON] = STREAMED_REFUSED,
		[BUNDLE_READ_NO_MEMORY] = STREAMED_NO_MEMORY };
	slot->json_bytes = length;
	slot->kind = kinds[bundle_read(json, length, &slot->arena, &slot->bundle, &slot->problems)];
	if (slot->kind == STREAMED_BUNDLE)
		find_words(stream, slot);
}

/* What ended the input before its end. */
static void end_badly(struct streamed *slot, const struct input *input, enum input_status status)
{
	int error = errno;
	slot->kind = STREAMED_NO_MEMORY;
	if (status == INPUT_UNREADABLE) {
		slot->kind = STREAMED_UNREADABLE;
		slot->error = error;
	} else if (status == INPUT_DAMAGED) {
		refuse(slot, "", input->damage);
	}
}

/* One document; false when it was the last of the file. */
static bool stream_document(struct bundle_stream *stream, struct documents *documents, const char *file)
{
	struct streamed *slot = begin_slot(stream, file);
	const char *json;
	size_t length;
	enum input_status input = INPUT_OK;
	if (!slot)
		return false;
	enum documents_status status = documents_next(documents, &json, &length, &slot->line, &input);
	slot->input_read = stream->files_read + documents->input->position;
	if (input == INPUT_STOPPED)
		return false;
	switch (status) {
	case DOCUMENTS_OK:
		read_bundle(stream, slot, json, length);
		break;
	case DOCUMENTS_TOO_LONG:
		refuse(slot, "",
			arena_printf(
				&slot->arena, "more than %d bytes, the most a document may have", DOCUMENT_BYTES_MAX));
		break;
	case DOCUMENTS_END:
		return false;
	case DOCUMENTS_NO_MEMORY:
	case DOCUMENTS_INPUT:
		end_badly(slot, documents->input, input);
		break;
	}
	finish_slot(stream, slot);
	return status == DOCUMENTS_OK || status == DOCUMENTS_TOO_LONG;
}

static void stream_documents(struct bundle_stream *stream, struct input *input, const char *file)
{
	struct documents documents;
	documents_init(&documents, input);
	while (!stream->ended && stream_document(stream, &documents, file))
		continue;
	documents_deinit(&documents);
}

/* The whole input is the text of one bundle. */
static void stream_text(struct bundle_stream *stream, struct input *input, const char *file)
{
	struct streamed *slot = begin_slot(stream, file);
	struct buffer json = { 0 };
	struct bare_text_problem problem = { 0 };
	if (!slot)
		return;
	slot->line = 1;
	enum input_status status = bare_text_read(stream->options->text, input, &slot->arena, &json, &problem);
	slot->input_read = stream->files_read + input->position;
	if (status == INPUT_OK && problem.reason) {
		slot->line = problem.line;
		refuse(slot, problem.pointer, problem.reason);
	} else if (status == INPUT_OK) {
		read_bundle(stream, slot, json.data, json.length);
	} else if (status != INPUT_STOPPED) {
		end_badly(slot, input, status);
	}
	buffer_deinit(&json);
	if (status != INPUT_STOPPED)
		finish_slot(stream, slot);
}

static void stream_file(struct bundle_stream *stream, const char *file,
	void (*stream_content)(struct bundle_stream *stream, struct input *input, const char *file))
{
	struct input input;
	enum input_status status = input_open(&input, file, stream->stop_fd);
	if (status == INPUT_OK) {
		stream_content(stream, &input, file);
		stream->files_read += input.position;
		input_close(&input);
		return;
	}
	struct streamed *slot = begin_slot(stream, file);
	if (!slot)
		return;
	end_badly(slot, &input, status);
	finish_slot(stream, slot);
}

static void *stream_files(void *context)
{
	struct bundle_stream *stream = context;
	const struct reviewd_import_options *options = stream->options;
	if (options->text)
		stream_file(stream, options->text->file, stream_text);
	for (size_t i = 0; i < options->file_count && !stream->ended; i++)
		stream_file(stream, options->files[i], stream_documents);
	struct streamed *slot = stream->ended ? NULL : begin_slot(stream, NULL);
	if (slot) {
		slot->kind = STREAMED_END;
		finish_slot(stream, slot);
	}
	return NULL;
}

/* False when the file, such as a pipe, does not tell. */
static bool add_size(const char *file, uint64_t *bytes)
{
	struct stat found;
	if ((strcmp(file, "-") != 0 ? stat(file, &found) : fstat(STDIN_FILENO, &found)) < 0)
		return true;
	*bytes += (uint64_t)found.st_size;
	return S_ISREG(found.st_mode);
}

static uint64_t sum_sizes(const struct reviewd_import_options *options)
{
	uint64_t bytes = 0;
	bool known = !options->text || add_size(options->text->file, &bytes);
	for (size_t i = 0; i < options->file_count && known; i++)
		known = add_size(options->files[i], &bytes);
	return known ? bytes : 0;
}

struct bundle_stream *bundle_stream_open(const struct reviewd_import_options *options)
{
	struct bundle_stream *stream = calloc(1, sizeof(*stream));
	if (!stream)
		return NULL;
	stream->options = options;
	stream->input_bytes = sum_sizes(options);
	stream->stop_fd = eventfd(0, EFD_CLOEXEC);
	pthread_mutex_init(&stream->mutex, NULL);
	clock_condition_init(&stream->moved);
	if (stream->stop_fd >= 0 && pthread_create(&stream->thread, NULL, stream_files, stream) == 0)
		return stream;
	free_stream(stream);
	return NULL;
}

void bundle_stream_close(struct bundle_stream *stream)
{
	if (!stream)
		return;
	pthread_mutex_lock(&stream->mutex);
	stream->stopped = true;
	pthread_cond_broadcast(&stream->moved);
	pthread_mutex_unlock(&stream->mutex);
	/* The counter of an eventfd takes one more than nothing always. */
	(void)!write(stream->stop_fd, &(uint64_t) { 1 }, sizeof(uint64_t));
	pthread_join(stream->thread, NULL);
	free_stream(stream);
}

uint64_t bundle_stream_input_bytes(const struct bundle_stream *stream)
{
	return stream->input_bytes;
}

struct streamed *bundle_stream_next(struct bundle_stream *stream, unsigned timeout_ms)
{
	struct timespec until = clock_after(timeout_ms);
	pthread_mutex_lock(&stream->mutex);
	if (stream->held) {
		struct streamed *done = &stream->slots[stream->taken % SLOTS];
		arena_clear(&done->arena);
		stream->bytes -= done->json_bytes;
		stream->taken++;
		pthread_cond_broadcast(&stream->moved);
	}
	int code = 0;
	while (stream->taken == stream->filled && code == 0)
		code = pthread_cond_timedwait(&stream->moved, &stream->mutex, &until);
	stream->held = stream->taken != stream->filled;
	struct streamed *slot = stream->held ? &stream->slots[stream->taken % SLOTS] : NULL;
	pthread_mutex_unlock(&stream->mutex);
	return slot;
}
