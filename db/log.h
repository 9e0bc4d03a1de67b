// SPDX-License-Identifier: MIT
/*
 * One line per event. Faults are logged where they happen, once; whoever gets
 * the status only passes it on.
 */
#pragma once

/*
 * Where lines go: `line` has neither line end nor control characters. Set once, before any thread starts; NULL restores
 * the default, standard error with `reviewd: ` in front. Called from any thread.
 */
void log_set_sink(void (*sink)(const char *line));

/* A line that is not about the program: as it is and whole, without anything in front on standard error. */
void log_record(const char *line);

/* Lines over 1,000 bytes are cut. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
