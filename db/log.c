// SPDX-License-Identifier: MIT
#include "db/log.h"

#include <stdarg.h>
#include <stdio.h>

static void log_to_stderr(const char *line)
{
	fprintf(stderr, "reviewd: %s\n", line);
}

static void (*log_sink)(const char *line) = log_to_stderr;

void log_set_sink(void (*sink)(const char *line))
{
	log_sink = sink ? sink : log_to_stderr;
}

void log_record(const char *line)
{
	/* In one write, so that those of other threads do not come between. */
	if (log_sink == log_to_stderr)
		fprintf(stderr, "%s\n", line);
	else
		log_sink(line);
}

void log_line(const char *format, ...)
{
	char line[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	/* What a client sent may be in it: a line break would forge a second line. */
	for (char *c = line; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	log_sink(line);
}
