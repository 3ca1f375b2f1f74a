/* SPDX-License-Identifier: Apache-2.0 */
/* How the program ends when it cannot go on. What it holds ends with it: sockets, memberships and the bpf_link. */
#ifndef XDP4J_PEER_FAIL_H
#define XDP4J_PEER_FAIL_H

/* Exit codes, as those of `xdp4j receive`. */
enum failure { FAILURE = 1, BAD_INPUT = 2 };

/* Says it in one line. */
__attribute__((noreturn, format(printf, 2, 3))) void fail(enum failure exit_code, const char *format, ...);

#endif
