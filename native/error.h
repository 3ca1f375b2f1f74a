/* SPDX-License-Identifier: Apache-2.0 */
/* How a set-up call says what went wrong. Inside the shim only. */
#ifndef XDP4J_ERROR_H
#define XDP4J_ERROR_H

#include "xdp4j.h"

/* Fills *error and returns -code, so that a failing call is one line. `code` is a positive errno. */
__attribute__((format(printf, 3, 4))) int xdp4j_fail(struct xdp4j_error *error, int code, const char *format, ...);

/* libbpf's own words say little to a user: the text of an error here says what to do. */
void xdp4j_silence_libbpf(void);

#endif
