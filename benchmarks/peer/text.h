/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what is written on the command line, as the Java command line does. */
#ifndef XDP4J_PEER_TEXT_H
#define XDP4J_PEER_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "flow.h"

/* A whole number up to `most`; false for anything else. */
bool text_number(const char *text, uint64_t most, uint64_t *number);

/* 500ns, 50us, 1ms, 2s: false for anything else, and for no time at all. */
bool text_duration(const char *text, struct timespec *duration);

/* GROUP:PORT or GROUP:PORT@SOURCE, an IPv6 group in brackets. NULL, or what is wrong with it. */
const char *text_flow(const char *text, struct flow_key *key);

#endif
