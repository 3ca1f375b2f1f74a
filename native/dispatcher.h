/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One XDP program among several on an interface, by libxdp's dispatcher: a program that calls up to ten others in turn
 * while they return what they said to go on after. What keeps them together is pinned in bpffs, so it outlives the
 * process. Inside the shim only.
 */
#ifndef XDP4J_DISPATCHER_H
#define XDP4J_DISPATCHER_H

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include "xdp4j.h"

#define XDP4J_DISPATCHER_NAME "xdp_dispatcher"

/* Native or generic, in which all programs of the interface's dispatcher are; auto while there is no dispatcher. */
enum xdp4j_mode xdp4j_dispatcher_mode(int ifindex);

/*
 * Loads the first program of an object that is open and not loaded, for the dispatcher, and attaches it there in native
 * or generic mode. The object may be closed then. The program's id or -errno; *error is filled in where the dispatcher
 * is to blame, and not where the driver or another program is.
 */
int xdp4j_dispatcher_attach(struct bpf_object *object, const char *interface, int ifindex, enum xdp4j_mode mode,
			    struct xdp4j_error *error);

/* 0 or -errno. */
int xdp4j_dispatcher_detach(const char *interface, int ifindex, uint32_t program, struct xdp4j_error *error);

/* The name of a loaded program, empty where it may not be read. */
void xdp4j_program_name(uint32_t program, char name[BPF_OBJ_NAME_LEN]);

#endif
