/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the kernel by netlink(7) that have one reply. Inside the shim only. */
#ifndef XDP4J_NETLINK_H
#define XDP4J_NETLINK_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

union netlink_reply {
	struct nlmsghdr header;
	char bytes[16384];
};

/*
 * Sends one request and receives its one reply: 0 or -errno. A socket for each question, so that any thread may ask,
 * and in its own network namespace.
 */
int netlink_ask(int protocol, const struct nlmsghdr *request, union netlink_reply *reply);

/*
 * The same by generic netlink, of a family of commands by its name: -ENOENT where this kernel has no such family.
 * `attributes` are whole ones, one behind the other.
 */
int netlink_ask_family(const char *family, uint8_t command, const void *attributes, size_t bytes,
		       union netlink_reply *reply);

/* The value of an attribute behind `family_bytes` of family header, at least `bytes` long; or NULL. */
const void *netlink_attribute(const union netlink_reply *reply, size_t family_bytes, uint16_t type, size_t bytes);

#endif
