// SPDX-License-Identifier: MIT
#include "db/clock.h"

enum { NS_A_SECOND = 1000000000, NS_A_MILLISECOND = 1000000, MS_A_SECOND = 1000 };

int64_t clock_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_A_SECOND + now.tv_nsec;
}

int64_t clock_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * MS_A_SECOND + now.tv_nsec / NS_A_MILLISECOND;
}

struct timespec clock_after(unsigned ms)
{
	int64_t then = clock_ns() + (int64_t)ms * NS_A_MILLISECOND;
	return (struct timespec) { .tv_sec = then / NS_A_SECOND, .tv_nsec = then % NS_A_SECOND };
}

void clock_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t clock;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &clock);
	pthread_condattr_destroy(&clock);
}
