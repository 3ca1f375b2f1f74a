/* SPDX-License-Identifier: Apache-2.0 */
/* How a test says what failed, and that it cannot run. */
#ifndef XDP4J_TEST_CHECK_H
#define XDP4J_TEST_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define SKIP 77

#define CHECK(condition, ...)                                                                                          \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: %s: ", __func__, __LINE__, #condition);                                \
			fprintf(stderr, __VA_ARGS__);                                                                  \
			fprintf(stderr, "\n");                                                                         \
			exit(1);                                                                                       \
		}                                                                                                      \
	} while (0)

#endif
