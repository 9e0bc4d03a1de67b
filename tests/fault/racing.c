// SPDX-License-Identifier: MIT
/* No part of the program: two threads that count without asking each other, for test_threads.py. */
#include <pthread.h>
#include <stdio.h>

static unsigned long count;

static void *count_on(void *context)
{
	(void)context;
	for (int i = 0; i < 100000; i++)
		count++;
	return NULL;
}

int main(void)
{
	pthread_t other;
	if (pthread_create(&other, NULL, count_on, NULL) != 0)
		return 1;
	count_on(NULL);
	pthread_join(other, NULL);
	printf("%lu\n", count);
	return 0;
}
