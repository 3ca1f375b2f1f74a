// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* The XDP program up to its last step: what a packet costs before it is delivered. No receiver can take more. */
#include <linux/bpf.h>

#define DELIVER(slot) XDP_DROP
#include "steer.bpf.c"
