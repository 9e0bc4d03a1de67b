// SPDX-License-Identifier: MIT
/* The time that waiting and measuring go by: CLOCK_MONOTONIC, which nobody sets. */
#pragma once

#include <pthread.h>
#include <stdint.h>
#include <time.h>

int64_t clock_ns(void);

/* As of the last tick of the kernel, some milliseconds ago: a quarter of the price, which each request pays often. */
int64_t clock_ms(void);

/* In `ms` milliseconds from now. */
struct timespec clock_after(unsigned ms);

/* A condition that is waited for until a moment of this clock. */
void clock_condition_init(pthread_cond_t *condition);
