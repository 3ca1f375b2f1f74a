/* SPDX-License-Identifier: Apache-2.0 */
/* bpf/steer.bpf.c on its interface: alone, by a bpf_link, or beside others, in libxdp's dispatcher. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <linux/if_link.h>

#include "dispatcher.h"
#include "error.h"
#include "steer.h"

/* Names the program that is in the way. */
static int explain_busy(const char *interface, int ifindex, struct xdp4j_error *error)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	char name[BPF_OBJ_NAME_LEN] = "";
	uint32_t id = 0;

	if (!bpf_xdp_query(ifindex, 0, &query))
		id = query.drv_prog_id ?: query.skb_prog_id;
	if (id)
		xdp4j_program_name(id, name);
	return xdp4j_fail(error, EBUSY,
			  "%s has an XDP program already (%s%sid %u): %send the program that attached it, or "
			  "`ip link set %s %s off`",
			  interface, name, name[0] ? ", " : "", id,
			  strcmp(name, XDP4J_DISPATCHER_NAME) ? "" : "join it with --attach dispatcher, or ",
			  interface, query.drv_prog_id ? "xdpdrv" : "xdpgeneric");
}

static int explain_attach(int code, const char *interface, int ifindex, enum xdp4j_mode mode, struct xdp4j_error *error)
{
	const char *name = mode == XDP4J_MODE_GENERIC ? "generic" : "native";

	switch (code) {
	case EBUSY:
	case EEXIST:
		return explain_busy(interface, ifindex, error);
	case EPERM:
		return xdp4j_fail(error, EPERM,
				  "attaching to %s: permission denied; run as root or with CAP_BPF and CAP_NET_ADMIN",
				  interface);
	case ERANGE:
		return xdp4j_fail(error, ERANGE,
				  "the MTU of %s or of its peer is too large for %s XDP: load the program for packets "
				  "of several buffers, or `ip link set %s mtu 1500`",
				  interface, name, interface);
	case EOPNOTSUPP:
		return xdp4j_fail(error, EOPNOTSUPP, "the driver of %s has no %s XDP: use mode generic or auto",
				  interface, name);
	default:
		return xdp4j_fail(error, code, "attaching to %s in %s mode: %s", interface, name, strerror(code));
	}
}

static int attach_link(struct xdp4j_steer *steer, int ifindex, enum xdp4j_mode mode)
{
	LIBBPF_OPTS(bpf_link_create_opts, options,
		    .flags = mode == XDP4J_MODE_GENERIC ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE);
	int link = bpf_link_create(xdp4j_steer_program_fd(steer), ifindex, BPF_XDP, &options);

	if (link >= 0)
		steer->link = link;
	return link;
}

/* A copy, because a program for the dispatcher is of another type: BPF_PROG_TYPE_EXT. */
static int attach_dispatcher(struct xdp4j_steer *steer, const char *interface, int ifindex, enum xdp4j_mode mode,
			     struct xdp4j_error *error)
{
	struct steer *copy = xdp4j_steer_open_copy(steer);
	int result;

	if (!copy)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	result = xdp4j_dispatcher_attach(copy->obj, interface, ifindex, mode, error);
	steer__destroy(copy);
	if (result < 0)
		return result;
	steer->dispatched = result;
	steer->ifindex = ifindex;
	snprintf(steer->interface, sizeof(steer->interface), "%s", interface);
	return result;
}

/* In native or generic mode; returns it. */
static int attach_in(struct xdp4j_steer *steer, const char *interface, int ifindex, enum xdp4j_mode mode,
		     enum xdp4j_attachment attachment, struct xdp4j_error *error)
{
	int result;

	error->text[0] = '\0';
	result = attachment == XDP4J_ATTACH_LINK ? attach_link(steer, ifindex, mode) :
						   attach_dispatcher(steer, interface, ifindex, mode, error);
	if (result >= 0)
		return mode;
	return error->text[0] ? result : explain_attach(-result, interface, ifindex, mode, error);
}

/* In the mode of the dispatcher that is there. */
static int join(struct xdp4j_steer *steer, const char *interface, int ifindex, enum xdp4j_mode there,
		enum xdp4j_mode wanted, struct xdp4j_error *error)
{
	bool generic = there == XDP4J_MODE_GENERIC;
	int result;

	if (wanted != XDP4J_MODE_AUTO && generic != (wanted == XDP4J_MODE_GENERIC))
		return xdp4j_fail(error, EOPNOTSUPP, "the dispatcher on %s is in %s mode: use that, or mode auto",
				  interface, generic ? "generic" : "native");
	result = attach_in(steer, interface, ifindex, there, XDP4J_ATTACH_DISPATCHER, error);
	if (result == XDP4J_MODE_GENERIC && wanted == XDP4J_MODE_AUTO)
		xdp4j_fail(error, EOPNOTSUPP, "the dispatcher on %s is in generic mode", interface);
	return result;
}

int xdp4j_steer_attach(struct xdp4j_steer *steer, const char *interface, enum xdp4j_mode mode,
		       enum xdp4j_attachment attachment, struct xdp4j_error *error)
{
	int ifindex = if_nametoindex(interface);
	struct xdp4j_error generic;
	enum xdp4j_mode there;
	int result;

	if (!ifindex)
		return xdp4j_fail(error, ENODEV, "no interface '%s': `ip link` lists them", interface);
	if (steer->link >= 0 || steer->dispatched)
		return xdp4j_fail(error, EBUSY, "the XDP program is attached already");
	there = attachment == XDP4J_ATTACH_DISPATCHER ? xdp4j_dispatcher_mode(ifindex) : XDP4J_MODE_AUTO;
	if (there != XDP4J_MODE_AUTO)
		return join(steer, interface, ifindex, there, mode, error);
	if (mode == XDP4J_MODE_GENERIC)
		return attach_in(steer, interface, ifindex, XDP4J_MODE_GENERIC, attachment, error);
	result = attach_in(steer, interface, ifindex, XDP4J_MODE_NATIVE, attachment, error);
	if (result >= 0 || mode != XDP4J_MODE_AUTO || result == -EBUSY || result == -EPERM)
		return result;
	/* *error keeps why native was refused: the caller reports the fallback. */
	result = attach_in(steer, interface, ifindex, XDP4J_MODE_GENERIC, attachment, &generic);
	if (result < 0)
		*error = generic;
	return result;
}

int xdp4j_steer_detach(struct xdp4j_steer *steer)
{
	struct xdp4j_error error;
	int result = 0;

	if (steer->link >= 0) {
		bpf_link_detach(steer->link);
		close(steer->link);
		steer->link = -1;
	}
	if (steer->dispatched) {
		result = xdp4j_dispatcher_detach(steer->interface, steer->ifindex, steer->dispatched, &error);
		if (result == -ENOENT) /* gone with the interface, or taken off by somebody else */
			result = 0;
		if (!result)
			steer->dispatched = 0;
	}
	return result;
}

int xdp4j_steer_detach_from_dispatcher(const char *interface, uint32_t program, struct xdp4j_error *error)
{
	int ifindex = if_nametoindex(interface);

	if (!ifindex)
		return xdp4j_fail(error, ENODEV, "no interface '%s': `ip link` lists them", interface);
	return xdp4j_dispatcher_detach(interface, ifindex, program, error);
}
