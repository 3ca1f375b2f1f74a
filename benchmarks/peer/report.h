/* SPDX-License-Identifier: Apache-2.0 */
/* What the program has to say at the end: JSON on standard output, with the names of `xdp4j receive --json`. */
#ifndef XDP4J_PEER_REPORT_H
#define XDP4J_PEER_REPORT_H

#include "receiver.h"
#include "steering.h"

void report_print(const struct receiver *receiver, const struct steering *steering, const char *mode);

#endif
