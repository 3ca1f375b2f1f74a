/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE 1 /* secure_getenv */
#include "dispatcher.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <xdp/libxdp.h>

#include "error.h"

#define RUN_PRIORITY 50 /* libxdp's default */
#define LOG_BYTES (64 << 10)

/* The first complaint of libxdp in this thread's latest call: its errno alone says little. */
static _Thread_local char complaint[160];

static int keep_complaint(enum libxdp_print_level level, const char *format, va_list arguments)
{
	if (level == LIBXDP_DEBUG || complaint[0])
		return 0;
	vsnprintf(complaint, sizeof(complaint), format, arguments);
	complaint[strcspn(complaint, "\n")] = '\0';
	return 0;
}

/* Nothing on stderr: what is worth saying is in the text of an error. */
static void listen_to_libxdp(void)
{
	xdp4j_silence_libbpf();
	libxdp_set_print(keep_complaint);
	complaint[0] = '\0';
}

void xdp4j_program_name(uint32_t program, char name[BPF_OBJ_NAME_LEN])
{
	struct bpf_prog_info info = { 0 };
	uint32_t bytes = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(program);

	name[0] = '\0';
	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &info, &bytes))
		snprintf(name, BPF_OBJ_NAME_LEN, "%s", info.name);
	close(fd);
}

/* What libxdp would find out as well, but say less clearly, and then attach the program alone. */
static int check_support(const char *interface, struct xdp4j_error *error)
{
	const char *directory = secure_getenv(XDP_BPFFS_ENVVAR) ?: "/sys/fs/bpf";
	struct statfs mounted;

	if (statfs(directory, &mounted) || (unsigned long)mounted.f_type != BPF_FS_MAGIC)
		return xdp4j_fail(error, EOPNOTSUPP,
				  "attaching to %s through libxdp's dispatcher: no bpffs at %s; "
				  "`mount -t bpf bpf %s`, or attach by a link",
				  interface, directory, directory);
	if (libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_EXT, NULL) != 1)
		return xdp4j_fail(error, EOPNOTSUPP,
				  "attaching to %s through libxdp's dispatcher: the kernel takes no BPF programs of "
				  "type EXT here (Linux 5.10 or later with BTF, CAP_SYS_ADMIN and CAP_PERFMON; some "
				  "sandboxes refuse them); attach by a link",
				  interface);
	return 0;
}

/* Leaves to the caller what attaching by a link can meet as well. */
static int explain(int code, const char *interface, const char *log, struct xdp4j_error *error)
{
	/* Linux 6.13 and later: the dispatcher of libxdp below 1.5.5 does not say that its programs change packets. */
	if (strstr(log, "changes packet data"))
		return xdp4j_fail(error, EOPNOTSUPP,
				  "attaching to %s through libxdp's dispatcher: this kernel wants libxdp 1.5.5 or "
				  "later for a program that puts metadata in front of packets; install it, or attach "
				  "by a link",
				  interface);
	switch (code) {
	case EBUSY:
	case EEXIST:
	case EOPNOTSUPP:
	case EPERM:
	case ERANGE:
		return -code;
	case E2BIG:
		return xdp4j_fail(error, code,
				  "the dispatcher on %s is full: `xdp-loader status %s` lists its programs", interface,
				  interface);
	default:
		return xdp4j_fail(error, code, "attaching to %s through libxdp's dispatcher: %s%s%s%s", interface,
				  strerror(code), complaint[0] ? " (" : "", complaint, complaint[0] ? ")" : "");
	}
}

enum xdp4j_mode xdp4j_dispatcher_mode(int ifindex)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, there);
	char name[BPF_OBJ_NAME_LEN];

	if (bpf_xdp_query(ifindex, 0, &there) || !there.prog_id)
		return XDP4J_MODE_AUTO;
	xdp4j_program_name(there.prog_id, name);
	if (strcmp(name, XDP4J_DISPATCHER_NAME))
		return XDP4J_MODE_AUTO;
	return there.attach_mode == XDP_ATTACHED_SKB ? XDP4J_MODE_GENERIC : XDP4J_MODE_NATIVE;
}

static int attach(struct xdp_program *program, int ifindex, enum xdp4j_mode mode)
{
	int result = xdp_program__set_run_prio(program, RUN_PRIORITY);

	if (!result)
		result = xdp_program__set_chain_call_enabled(program, XDP_PASS, true);
	if (!result)
		result = xdp_program__attach(program, ifindex,
					     mode == XDP4J_MODE_GENERIC ? XDP_MODE_SKB : XDP_MODE_NATIVE, 0);
	return result;
}

int xdp4j_dispatcher_attach(struct bpf_object *object, const char *interface, int ifindex, enum xdp4j_mode mode,
			    struct xdp4j_error *error)
{
	struct bpf_program *loaded = bpf_object__next_program(object, NULL);
	struct xdp_program *program;
	char *log;
	int result;

	listen_to_libxdp();
	result = check_support(interface, error);
	if (result)
		return result;
	log = calloc(1, LOG_BYTES);
	program = log ? xdp_program__from_bpf_obj(object, NULL) : NULL;
	if (libxdp_get_error(program)) {
		free(log);
		return xdp4j_fail(error, ENOMEM, "out of memory");
	}
	bpf_program__set_log_buf(loaded, log, LOG_BYTES);
	/*
	 * libxdp sets this back to 0 when it loads the program for the dispatcher. Where it has none, it would attach
	 * the program alone: the kernel attaches no program of this kind to a device.
	 */
	bpf_program__set_expected_attach_type(loaded, BPF_XDP_DEVMAP);
	result = attach(program, ifindex, mode);
	result = result ? explain(-result, interface, log, error) : (int)xdp_program__id(program);
	xdp_program__close(program);
	free(log);
	return result;
}

static int detach(int ifindex, int fd)
{
	struct xdp_multiprog *dispatcher = xdp_multiprog__get_from_ifindex(ifindex);
	struct xdp_program *program;
	int result;

	if (!dispatcher || libxdp_get_error(dispatcher))
		return -ENOENT;
	program = xdp_program__from_fd(fd);
	result = libxdp_get_error(program);
	if (!result) {
		/* In the mode that it is in: libxdp's "any" is native where other programs stay. */
		result = xdp_multiprog__is_legacy(dispatcher) ?
				 -ENOENT :
				 xdp_program__detach(program, ifindex, xdp_multiprog__attach_mode(dispatcher), 0);
		xdp_program__close(program);
	}
	xdp_multiprog__close(dispatcher);
	return result;
}

int xdp4j_dispatcher_detach(const char *interface, int ifindex, uint32_t program, struct xdp4j_error *error)
{
	/* Not by xdp_program__from_id, which keeps the descriptor and with it the program. */
	int fd = bpf_prog_get_fd_by_id(program);
	int result;

	listen_to_libxdp();
	if (fd < 0)
		return xdp4j_fail(error, -fd, "there is no BPF program %u: %s", program, strerror(-fd));
	result = detach(ifindex, fd);
	close(fd);
	if (result == -ENOENT)
		return xdp4j_fail(error, ENOENT, "program %u is in no dispatcher on %s", program, interface);
	if (result)
		return xdp4j_fail(error, -result, "taking program %u out of the dispatcher on %s: %s%s%s%s", program,
				  interface, strerror(-result), complaint[0] ? " (" : "", complaint,
				  complaint[0] ? ")" : "");
	return 0;
}
